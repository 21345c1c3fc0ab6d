#include <boost/test/unit_test.hpp>

#include "given.hpp"

using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;

namespace {

struct Mistaken {
  std::vector<VisitPlan> visits{a_visit(1)};
  std::vector<Passage> passages;
  std::vector<VisitAction> actions;

  Folded folded() const { return fold(visits, passages, actions, {}); }
  VisitState state() const { return folded().visits.at(VisitId{1}); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reopened_visits)

BOOST_FIXTURE_TEST_CASE(a_cancellation_and_a_no_show_are_taken_back_to_awaiting, Mistaken) {
  for (const auto kind : {ActionKind::cancel, ActionKind::no_show}) {
    actions = {an_action(1, kind, "07:30"), an_action(1, ActionKind::reopen, "07:40")};
    BOOST_TEST((state() == VisitState{}));

    passages = {entry("08:05", 1)};
    BOOST_TEST((state().status == VisitStatus::checked_in));
    passages.clear();
  }
}

BOOST_FIXTURE_TEST_CASE(an_entry_while_the_visit_was_called_off_stays_without_a_visit, Mistaken) {
  actions = {an_action(1, ActionKind::cancel, "07:30"), an_action(1, ActionKind::reopen, "08:10")};
  passages = {entry("08:05", 1)};
  BOOST_TEST((folded().steps.at(0).kind == StepKind::entry_without_visit));
  BOOST_TEST((state() == VisitState{}));
}

BOOST_FIXTURE_TEST_CASE(a_check_out_by_a_person_is_taken_back_with_the_first_entry_kept, Mistaken) {
  actions = {an_action(1, ActionKind::check_out, "08:30"), an_action(1, ActionKind::reopen, "09:30")};
  passages = {entry("08:05", 1)};
  const auto again = state();
  BOOST_TEST((again.status == VisitStatus::checked_in));
  BOOST_TEST(*again.checked_in_at == on_the_day("08:05"));
  BOOST_TEST(!again.checked_out_at.has_value());
  BOOST_TEST(!again.checked_out_how.has_value());
  BOOST_TEST(!again.ended_at.has_value());
  BOOST_TEST(again.entry_count == 1);

  passages.push_back(exit("09:50", 2));
  BOOST_TEST((state().checked_out_how == How::door));
  BOOST_TEST(*state().checked_out_at == on_the_day("09:50"));
}

BOOST_FIXTURE_TEST_CASE(a_presumed_end_is_taken_back, Mistaken) {
  passages = {entry("08:05", 1)};
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic),
             an_action(1, ActionKind::reopen, "20:30")};
  BOOST_TEST((state().status == VisitStatus::checked_in));
}

BOOST_FIXTURE_TEST_CASE(what_a_door_saw_is_not_taken_back, Mistaken) {
  passages = {entry("08:05", 1), exit("08:50", 2)};
  actions = {an_action(1, ActionKind::reopen, "09:30")};
  BOOST_TEST((state().checked_out_how == How::door));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_FIXTURE_TEST_CASE(an_exit_that_arrives_late_and_came_before_the_mistaken_check_out_stands, Mistaken) {
  passages = {entry("08:05", 1), exit("08:25", 2)};
  actions = {an_action(1, ActionKind::check_out, "08:30"), an_action(1, ActionKind::reopen, "09:30")};
  BOOST_TEST((state().status == VisitStatus::checked_out));
  BOOST_TEST(*state().checked_out_at == on_the_day("08:25"));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0, 1}));
}

BOOST_FIXTURE_TEST_CASE(a_visit_can_be_ended_and_reopened_again_and_again, Mistaken) {
  actions = {an_action(1, ActionKind::cancel, "07:10"), an_action(1, ActionKind::reopen, "07:20"),
             an_action(1, ActionKind::cancel, "07:30"), an_action(1, ActionKind::reopen, "07:40"),
             an_action(1, ActionKind::cancel, "07:50")};
  BOOST_TEST((state().status == VisitStatus::cancelled));
  BOOST_TEST(*state().ended_at == on_the_day("07:50"));
  BOOST_TEST(folded().refused.empty());
}

BOOST_FIXTURE_TEST_CASE(at_one_instant_the_end_comes_before_its_undoing, Mistaken) {
  actions = {an_action(1, ActionKind::reopen, "07:30"), an_action(1, ActionKind::cancel, "07:30")};
  BOOST_TEST((state() == VisitState{}));
}

BOOST_FIXTURE_TEST_CASE(a_live_visit_is_not_reopened, Mistaken) {
  actions = {an_action(1, ActionKind::reopen, "07:30")};
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
  passages = {entry("07:05", 1)};
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_AUTO_TEST_SUITE_END()
