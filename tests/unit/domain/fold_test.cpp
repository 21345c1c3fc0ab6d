#include <boost/test/unit_test.hpp>

#include "given.hpp"

using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;

namespace {

struct Day {
  std::vector<VisitPlan> visits{a_visit(1)};
  std::vector<Passage> passages;
  std::vector<VisitAction> actions;
  FoldSettings settings;

  Folded folded() const { return fold(visits, passages, actions, settings); }
  VisitState state(std::int64_t id = 1) const { return folded().visits.at(VisitId{id}); }
  std::vector<StepKind> steps() const {
    std::vector<StepKind> kinds;
    for (const auto& step : folded().steps) kinds.push_back(step.kind);
    return kinds;
  }
};

using Steps = std::vector<StepKind>;

}  // namespace

BOOST_AUTO_TEST_SUITE(fold_of_one_guest)

BOOST_FIXTURE_TEST_CASE(a_visit_without_facts_stays_awaiting, Day) {
  BOOST_TEST((state() == VisitState{}));
}

BOOST_FIXTURE_TEST_CASE(an_entry_checks_in_and_an_exit_checks_out_at_the_devices_time, Day) {
  passages = {entry("08:05", 1), exit("09:40", 2)};

  const auto folded = state();
  BOOST_TEST((folded.status == VisitStatus::checked_out));
  BOOST_TEST(*folded.checked_in_at == on_the_day("08:05"));
  BOOST_TEST((folded.checked_in_how == How::door));
  BOOST_TEST(*folded.checked_out_at == on_the_day("09:40"));
  BOOST_TEST(*folded.ended_at == on_the_day("09:40"));
  BOOST_TEST((folded.checked_out_how == How::door));
  BOOST_TEST(folded.entry_count == 1);
  BOOST_TEST(folded.exit_count == 1);
  BOOST_TEST((steps() == Steps{StepKind::checked_in, StepKind::checked_out}));
}

BOOST_FIXTURE_TEST_CASE(the_order_of_arrival_does_not_matter_and_neither_do_duplicates, Day) {
  passages = {exit("09:40", 2), entry("08:05", 1), exit("09:40", 2)};

  BOOST_TEST((state().status == VisitStatus::checked_out));
  BOOST_TEST(state().exit_count == 1);
  BOOST_TEST((steps() == Steps{StepKind::checked_in, StepKind::checked_out}));
}

BOOST_FIXTURE_TEST_CASE(an_entry_while_inside_is_counted_and_keeps_the_first, Day) {
  passages = {entry("08:05", 1), entry("08:20", 2)};

  BOOST_TEST((state().status == VisitStatus::checked_in));
  BOOST_TEST(*state().checked_in_at == on_the_day("08:05"));
  BOOST_TEST(state().entry_count == 2);
}

BOOST_FIXTURE_TEST_CASE(an_exit_while_awaited_is_counted_and_the_visit_stays_awaiting, Day) {
  passages = {exit("08:05", 1)};

  BOOST_TEST((state().status == VisitStatus::awaiting));
  BOOST_TEST(state().exit_count == 1);
  BOOST_TEST((steps() == Steps{StepKind::exit_without_entry}));
}

BOOST_FIXTURE_TEST_CASE(an_entry_after_an_exit_without_entry_still_checks_in, Day) {
  passages = {exit("08:05", 1), entry("08:06", 2)};

  BOOST_TEST((state().status == VisitStatus::checked_in));
  BOOST_TEST(state().exit_count == 1);
}

BOOST_FIXTURE_TEST_CASE(an_entry_at_the_end_of_the_grace_reopens_the_visit, Day) {
  passages = {entry("08:05", 1), exit("09:00", 2), entry("09:15", 3)};

  BOOST_TEST((state().status == VisitStatus::checked_in));
  BOOST_TEST(*state().checked_in_at == on_the_day("08:05"));
  BOOST_TEST(!state().checked_out_at.has_value());
  BOOST_TEST(!state().checked_out_how.has_value());
  BOOST_TEST(!state().ended_at.has_value());
  BOOST_TEST(state().entry_count == 2);
  BOOST_TEST(state().exit_count == 1);
}

BOOST_FIXTURE_TEST_CASE(an_entry_after_the_grace_belongs_to_no_visit, Day) {
  passages = {entry("08:05", 1), exit("09:00", 2), entry("2026-09-01T09:15:01Z", 3)};

  BOOST_TEST((state().status == VisitStatus::checked_out));
  BOOST_TEST(state().entry_count == 1);
  BOOST_TEST((steps().back() == StepKind::entry_without_visit));
}

BOOST_FIXTURE_TEST_CASE(an_entry_after_the_grace_takes_up_the_next_visit, Day) {
  visits.push_back(a_visit(2, "10:00", "12:00"));
  passages = {entry("08:05", 1), exit("08:30", 2), entry("09:30", 3)};

  BOOST_TEST((state(1).status == VisitStatus::checked_out));
  BOOST_TEST((state(2).status == VisitStatus::checked_in));
}

BOOST_FIXTURE_TEST_CASE(of_two_visits_the_one_expected_earlier_is_taken, Day) {
  visits = {a_visit(1, "08:30"), a_visit(2, "08:00")};
  passages = {entry("08:35", 1)};

  BOOST_TEST((state(1).status == VisitStatus::awaiting));
  BOOST_TEST((state(2).status == VisitStatus::checked_in));
}

BOOST_FIXTURE_TEST_CASE(the_window_begins_early_arrival_before_the_visit, Day) {
  passages = {entry("07:00", 1)};
  BOOST_TEST((state().status == VisitStatus::checked_in));

  passages = {entry("2026-09-01T06:59:59Z", 1)};
  BOOST_TEST((state().status == VisitStatus::awaiting));
  BOOST_TEST((steps() == Steps{StepKind::entry_without_visit}));
}

BOOST_FIXTURE_TEST_CASE(the_window_ends_with_the_local_day, Day) {
  passages = {entry("2026-09-01T18:59:59Z", 1)};
  BOOST_TEST((state().status == VisitStatus::checked_in));

  passages = {entry("19:00", 1)};
  BOOST_TEST((state().status == VisitStatus::awaiting));
}

BOOST_FIXTURE_TEST_CASE(a_visit_until_midnight_ends_with_that_midnight, Day) {
  BOOST_TEST(expected_day_end(a_visit(1, "15:00", "19:00")) == on_the_day("19:00"));
  BOOST_TEST(expected_day_end(a_visit(1, "15:00", "2026-09-01T19:00:01Z")) == at("2026-09-02T19:00:00Z"));
}

BOOST_FIXTURE_TEST_CASE(visits_of_other_sites_are_not_touched, Day) {
  visits = {a_visit(1), a_visit(2, "08:00", "10:00", kOtherSite)};
  passages = {entry("08:05", 1, kOtherSite), exit("08:30", 2), exit("08:40", 3, kOtherSite)};

  BOOST_TEST((state(1).status == VisitStatus::awaiting));
  BOOST_TEST(state(1).exit_count == 1);
  BOOST_TEST((state(2).status == VisitStatus::checked_out));
}

BOOST_FIXTURE_TEST_CASE(a_door_without_direction_moves_nobody, Day) {
  passages = {a_passage(Direction::none, "08:05", 1)};

  BOOST_TEST((state() == VisitState{}));
  BOOST_TEST(folded().steps.empty());
}

BOOST_FIXTURE_TEST_CASE(a_second_exit_is_counted_and_the_first_stays_the_end, Day) {
  passages = {entry("08:05", 1), exit("09:00", 2), exit("09:10", 3)};

  BOOST_TEST(*state().checked_out_at == on_the_day("09:00"));
  BOOST_TEST(state().exit_count == 2);
  BOOST_TEST((steps().back() == StepKind::left_again));
}

BOOST_FIXTURE_TEST_CASE(people_check_in_and_out_in_time_order_with_the_doors, Day) {
  actions = {an_action(1, ActionKind::check_out, "09:30", ActionHow::api), an_action(1, ActionKind::check_in, "08:10")};

  BOOST_TEST((state().status == VisitStatus::checked_out));
  BOOST_TEST(*state().checked_in_at == on_the_day("08:10"));
  BOOST_TEST((state().checked_in_how == How::person));
  BOOST_TEST((state().checked_out_how == How::api));
  BOOST_TEST(state().entry_count == 0);
  BOOST_TEST(folded().refused.empty());
}

BOOST_FIXTURE_TEST_CASE(a_late_entry_before_the_check_in_by_a_person_becomes_the_check_in, Day) {
  actions = {an_action(1, ActionKind::check_in, "08:10")};
  passages = {entry("08:05", 1)};

  BOOST_TEST(*state().checked_in_at == on_the_day("08:05"));
  BOOST_TEST((state().checked_in_how == How::door));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_FIXTURE_TEST_CASE(a_check_out_of_somebody_who_is_not_inside_is_refused, Day) {
  actions = {an_action(1, ActionKind::check_out, "08:10")};

  BOOST_TEST((state().status == VisitStatus::awaiting));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_visit_takes_no_passages, Day) {
  actions = {an_action(1, ActionKind::cancel, "07:30")};
  passages = {entry("08:05", 1), exit("08:30", 2)};

  BOOST_TEST((state().status == VisitStatus::cancelled));
  BOOST_TEST(*state().ended_at == on_the_day("07:30"));
  BOOST_TEST((steps() == Steps{StepKind::entry_without_visit, StepKind::exit_without_visit}));
}

BOOST_FIXTURE_TEST_CASE(a_late_entry_undoes_a_cancellation_that_came_after_it, Day) {
  actions = {an_action(1, ActionKind::cancel, "08:30")};
  passages = {entry("08:05", 1)};

  BOOST_TEST((state().status == VisitStatus::checked_in));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_FIXTURE_TEST_CASE(a_passage_of_the_same_instant_comes_before_an_action, Day) {
  actions = {an_action(1, ActionKind::cancel, "08:05")};
  passages = {entry("08:05", 1)};

  BOOST_TEST((state().status == VisitStatus::checked_in));
}

BOOST_FIXTURE_TEST_CASE(a_late_entry_undoes_a_no_show, Day) {
  actions = {an_action(1, ActionKind::no_show, "19:00", ActionHow::automatic)};
  BOOST_TEST((state().status == VisitStatus::no_show));
  BOOST_TEST(*state().ended_at == on_the_day("19:00"));

  passages = {entry("08:05", 1), exit("09:00", 2)};
  BOOST_TEST((state().status == VisitStatus::checked_out));
  BOOST_TEST(*state().checked_in_at == on_the_day("08:05"));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_FIXTURE_TEST_CASE(a_presumed_end_is_told_apart, Day) {
  passages = {entry("08:05", 1)};
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};

  BOOST_TEST((state().status == VisitStatus::checked_out));
  BOOST_TEST((state().checked_out_how == How::presumed));
  BOOST_TEST(*state().checked_out_at == on_the_day("20:05"));
  BOOST_TEST(state().exit_count == 0);
}

BOOST_FIXTURE_TEST_CASE(a_later_real_exit_replaces_a_presumed_end, Day) {
  passages = {entry("08:05", 1), exit("22:00", 2)};
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};

  BOOST_TEST((state().checked_out_how == How::door));
  BOOST_TEST(*state().checked_out_at == on_the_day("22:00"));
  BOOST_TEST(*state().ended_at == on_the_day("22:00"));
  BOOST_TEST(state().exit_count == 1);
  BOOST_TEST((steps().back() == StepKind::left_again));
}

BOOST_FIXTURE_TEST_CASE(an_earlier_exit_that_arrives_late_makes_the_presumption_moot, Day) {
  passages = {entry("08:05", 1), exit("17:00", 2)};
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};

  BOOST_TEST((state().checked_out_how == How::door));
  BOOST_TEST(*state().checked_out_at == on_the_day("17:00"));
  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_FIXTURE_TEST_CASE(the_exit_of_somebody_who_stayed_over_night_is_not_one_without_entry, Day) {
  visits.push_back(a_visit(2, "2026-09-02T08:00:00Z", "2026-09-02T10:00:00Z"));
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};
  passages = {entry("08:05", 1), exit("2026-09-02T07:30:00Z", 2)};

  BOOST_TEST(*state(1).checked_out_at == at("2026-09-02T07:30:00Z"));
  BOOST_TEST((state(1).checked_out_how == How::door));
  BOOST_TEST(state(2).exit_count == 0);
}

BOOST_FIXTURE_TEST_CASE(days_after_a_presumed_end_an_exit_while_awaited_is_one_without_entry, Day) {
  visits.push_back(a_visit(2, "2026-09-04T08:00:00Z", "2026-09-04T10:00:00Z"));
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};
  passages = {entry("08:05", 1), exit("2026-09-04T08:30:00Z", 2)};

  BOOST_TEST((state(1).checked_out_how == How::presumed));
  BOOST_TEST(state(2).exit_count == 1);
}

BOOST_FIXTURE_TEST_CASE(days_after_a_presumed_end_an_exit_with_nothing_expected_is_the_real_one, Day) {
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};
  passages = {entry("08:05", 1), exit("2026-09-04T08:30:00Z", 2)};

  BOOST_TEST((state().checked_out_how == How::door));
  BOOST_TEST(*state().checked_out_at == at("2026-09-04T08:30:00Z"));
}

BOOST_FIXTURE_TEST_CASE(a_week_after_a_presumed_end_an_exit_belongs_to_no_visit, Day) {
  actions = {an_action(1, ActionKind::presume_left, "20:05", ActionHow::automatic)};
  passages = {entry("08:05", 1), exit("2026-09-08T20:05:01Z", 2)};

  BOOST_TEST((state().checked_out_how == How::presumed));
  BOOST_TEST((steps().back() == StepKind::exit_without_visit));
}

BOOST_FIXTURE_TEST_CASE(a_guest_inside_on_two_visits_leaves_both, Day) {
  visits.push_back(a_visit(2, "08:30"));
  passages = {entry("08:05", 1), exit("09:30", 2)};
  actions = {an_action(2, ActionKind::check_in, "08:40")};

  BOOST_TEST((state(1).status == VisitStatus::checked_out));
  BOOST_TEST((state(2).status == VisitStatus::checked_out));
  BOOST_TEST((folded().steps.back().visit == VisitId{2}));
}

BOOST_FIXTURE_TEST_CASE(an_action_on_a_visit_that_was_not_given_is_refused, Day) {
  actions = {an_action(9, ActionKind::check_in, "08:10")};

  BOOST_TEST((folded().refused == std::vector<std::size_t>{0}));
}

BOOST_AUTO_TEST_SUITE_END()
