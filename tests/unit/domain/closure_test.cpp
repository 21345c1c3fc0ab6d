#include "domain/closure.hpp"

#include <boost/test/unit_test.hpp>

#include "given.hpp"

using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;

namespace {

using Indices = std::vector<std::size_t>;

StoredVisit ended(std::int64_t id, std::string_view day) {
  const auto on = [&](const char* time) { return std::string{day} + "T" + time + ":00Z"; };
  VisitState state;
  state.status = VisitStatus::checked_out;
  state.checked_in_at = at(on("08:05"));
  state.checked_out_at = state.ended_at = at(on("09:00"));
  state.checked_in_how = state.checked_out_how = How::door;
  return {a_visit(id, on("08:00"), on("10:00")), state};
}

VisitState called_off(VisitStatus status) {
  VisitState state;
  state.status = status;
  state.ended_at = on_the_day("19:00");
  return state;
}

VisitState came(VisitStatus status, std::string_view in) {
  VisitState state;
  state.status = status;
  state.checked_in_at = on_the_day(in);
  return state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(closure_of_new_facts)

BOOST_AUTO_TEST_CASE(visits_of_earlier_days_are_left_alone) {
  const std::vector<StoredVisit> visits{ended(1, "2026-08-20"), ended(2, "2026-08-25"), ended(3, "2026-09-01")};

  const auto part = closure(visits, on_the_day("08:30"), {});
  BOOST_TEST((part.visits == Indices{2}));
  BOOST_TEST(part.begin == on_the_day("07:00"));
}

BOOST_AUTO_TEST_CASE(facts_between_two_visits_take_the_later_one) {
  const std::vector<StoredVisit> visits{ended(1, "2026-08-20"), ended(2, "2026-09-01")};

  const auto part = closure(visits, at("2026-08-25T12:00:00Z"), {});
  BOOST_TEST((part.visits == Indices{1}));
  BOOST_TEST(part.begin == at("2026-08-25T12:00:00Z"));
}

BOOST_AUTO_TEST_CASE(facts_after_the_last_visit_take_none) {
  const std::vector<StoredVisit> visits{ended(1, "2026-08-20")};

  const auto part = closure(visits, on_the_day("08:30"), {});
  BOOST_TEST(part.visits.empty());
  BOOST_TEST(part.begin == on_the_day("08:30"));
}

BOOST_AUTO_TEST_CASE(a_live_visit_is_always_taken_with_what_follows_it) {
  std::vector<StoredVisit> visits{ended(1, "2026-08-20"), ended(2, "2026-08-25"), ended(3, "2026-09-01")};
  visits[1].state = {};

  const auto part = closure(visits, on_the_day("08:30"), {});
  BOOST_TEST((part.visits == Indices{1, 2}));
  BOOST_TEST(part.begin == at("2026-08-25T07:00:00Z"));
}

BOOST_AUTO_TEST_CASE(a_presumed_end_stays_open_to_the_real_exit_until_the_guest_comes_again) {
  std::vector<StoredVisit> visits{ended(1, "2026-08-20"), ended(2, "2026-08-25")};
  visits[0].state.checked_out_how = How::presumed;
  BOOST_TEST((closure(visits, at("2026-08-23T00:00:00Z"), {}).visits == Indices{0, 1}));
  BOOST_TEST((closure(visits, at("2026-08-27T00:00:00Z"), {}).visits == Indices{}));
}

BOOST_AUTO_TEST_CASE(a_visit_is_open_to_facts_from_its_window_or_from_the_check_in_before_that) {
  BOOST_TEST(open_since({a_visit(1), {}}, {}) == on_the_day("07:00"));
  BOOST_TEST(open_since({a_visit(1), came(VisitStatus::checked_in, "06:30")}, {}) == on_the_day("06:30"));
  BOOST_TEST(open_since({a_visit(1), came(VisitStatus::checked_in, "07:30")}, {}) == on_the_day("07:00"));
}

BOOST_AUTO_TEST_CASE(transitions_are_those_of_the_schema) {
  const auto awaiting = VisitState{};
  const auto inside = came(VisitStatus::checked_in, "08:05");
  const auto left = came(VisitStatus::checked_out, "08:05");
  for (const auto& any : {awaiting, inside, left, called_off(VisitStatus::cancelled), called_off(VisitStatus::no_show)})
    BOOST_TEST(may_become(awaiting, any));
  BOOST_TEST(may_become(inside, left));
  BOOST_TEST(may_become(left, inside));
  BOOST_TEST(!may_become(inside, awaiting));
  BOOST_TEST(!may_become(left, awaiting));
  BOOST_TEST(!may_become(inside, called_off(VisitStatus::cancelled)));
  BOOST_TEST(may_become(called_off(VisitStatus::no_show), came(VisitStatus::checked_in, "19:00")));
  BOOST_TEST(!may_become(called_off(VisitStatus::no_show), came(VisitStatus::checked_in, "19:01")));
  BOOST_TEST(!may_become(called_off(VisitStatus::cancelled), called_off(VisitStatus::no_show)));
  for (const auto status : {VisitStatus::cancelled, VisitStatus::no_show}) {
    BOOST_TEST(!may_become(called_off(status), awaiting));
    BOOST_TEST(!may_become(called_off(status), awaiting, on_the_day("18:59")));
    BOOST_TEST(may_become(called_off(status), awaiting, on_the_day("19:00")));
    BOOST_TEST(may_become(called_off(status), came(VisitStatus::checked_in, "19:01"), on_the_day("19:00")));
  }
  BOOST_TEST(!may_become(inside, awaiting, on_the_day("19:00")));
  BOOST_TEST(!may_become(left, awaiting, on_the_day("19:00")));
}

BOOST_AUTO_TEST_SUITE_END()
