#include "store/visits.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "db/error.hpp"
#include "store/visit_actions.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::How;
using domain::VisitState;
using domain::VisitStatus;

namespace {

VisitState state_of(VisitStatus status) {
  VisitState state;
  state.status = status;
  if (status == VisitStatus::checked_in || status == VisitStatus::checked_out) {
    state.checked_in_at = today_at("08:00");
    state.checked_in_how = How::door;
  }
  if (status == VisitStatus::checked_out) {
    state.checked_out_at = today_at("09:00");
    state.checked_out_how = How::door;
  }
  if (!domain::is_live(status)) state.ended_at = today_at("09:00");
  return state;
}

struct VisitsFixture : RolledBack {
  House house = House::build(tx);
  store::Visits visits{tx, domain::Scope::everything()};
  store::VisitActions actions{tx};

  void save(VisitId id, const VisitState& state) {
    const store::VisitSave one{id, state, visits.get(id).version};
    visits.save_states(std::span{&one, 1});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(visits_store, VisitsFixture)

BOOST_AUTO_TEST_CASE(a_visit_begins_awaited_and_comes_back_as_it_was_stored) {
  const auto visit = visits.get(given_visit(tx, house));

  BOOST_TEST(visit.guest.value == house.guest.value);
  BOOST_TEST(visit.host->value == house.host.value);
  BOOST_TEST(visit.expected_from == today_at("08:00"));
  BOOST_TEST((visit.state == VisitState{}));
  BOOST_TEST(visit.version == 1);
}

BOOST_AUTO_TEST_CASE(states_are_saved_together_and_move_the_versions_on) {
  const auto first = given_visit(tx, house);
  const auto second = given_visit(tx, house);
  auto inside = state_of(VisitStatus::checked_in);
  inside.entry_count = 2;
  const std::vector<store::VisitSave> saves{{second, inside, 1}, {first, state_of(VisitStatus::checked_out), 1}};

  visits.save_states(saves);

  BOOST_TEST((visits.get(first).state == state_of(VisitStatus::checked_out)));
  BOOST_TEST((visits.get(second).state == inside));
  BOOST_TEST(visits.get(second).version == 2);
}

BOOST_AUTO_TEST_CASE(a_state_folded_from_an_old_version_is_a_conflict_that_names_the_visit) {
  const auto id = given_visit(tx, house);
  save(id, state_of(VisitStatus::checked_in));

  const store::VisitSave late{id, state_of(VisitStatus::checked_out), 1};
  BOOST_CHECK_EXCEPTION(visits.save_states(std::span{&late, 1}), Error,
                        says(Errc::conflict, fmt::format("visit {}", id)));
  BOOST_TEST((visits.get(id).state.status == VisitStatus::checked_in));
}

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_the_steps_that_no_fold_may_take) {
  using enum VisitStatus;
  const std::vector<VisitStatus> all{awaiting, checked_in, checked_out, cancelled, no_show};
  const auto allowed = [](VisitStatus from, VisitStatus to) {
    if (from == to || from == awaiting) return true;
    if (from == checked_in) return to == checked_out;
    if (from == checked_out) return to == checked_in;
    return to == checked_in || to == checked_out;  // a late event shows that the guest had come
  };
  for (const auto from : all) {
    for (const auto to : all) {
      BOOST_TEST_CONTEXT(domain::name(from) << " to " << domain::name(to)) {
        const auto id = given_visit(tx, house);
        if (from != awaiting) save(id, state_of(from));
        const auto step = [&] { tx.savepoint([&] { save(id, state_of(to)); }); };
        if (allowed(from, to))
          BOOST_CHECK_NO_THROW(step());
        else
          BOOST_CHECK_EXCEPTION(step(), db::DatabaseError, has_code(Errc::conflict));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_visit_that_was_called_off_is_not_taken_up_by_somebody_who_came_afterwards) {
  const auto id = given_visit(tx, house);
  save(id, state_of(VisitStatus::cancelled));
  auto later = state_of(VisitStatus::checked_in);
  later.checked_in_at = today_at("09:01");

  BOOST_CHECK_EXCEPTION(save(id, later), db::DatabaseError, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(times_that_contradict_the_status_are_refused) {
  const auto id = given_visit(tx, house);
  auto without_time = state_of(VisitStatus::checked_in);
  without_time.checked_in_at.reset();
  without_time.checked_in_how.reset();
  BOOST_CHECK_THROW(tx.savepoint([&] { save(id, without_time); }), db::DatabaseError);

  auto left_before_coming = state_of(VisitStatus::checked_out);
  left_before_coming.checked_out_at = today_at("07:59");
  BOOST_CHECK_THROW(tx.savepoint([&] { save(id, left_before_coming); }), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(a_cancelled_visit_takes_its_reason_from_the_action_that_cancelled_it) {
  const auto id = given_visit(tx, house);
  using domain::ActionHow;
  using domain::ActionKind;
  actions.record({id, ActionKind::cancel, ActionHow::person, today_at("08:59")}, "refused by the fold", house.account,
                 today_at("08:59"));
  actions.record({id, ActionKind::cancel, ActionHow::person, today_at("09:00")}, "the host is ill", house.account,
                 today_at("09:00"));

  save(id, state_of(VisitStatus::cancelled));
  BOOST_TEST(visits.get(id).cancelled_reason == "the host is ill");

  save(id, state_of(VisitStatus::checked_in));
  BOOST_TEST(visits.get(id).cancelled_reason == "");
}

BOOST_AUTO_TEST_CASE(actions_are_kept_in_the_order_of_recording_and_cannot_be_changed) {
  const auto id = given_visit_in_the_building(tx, house, today_at("08:00"));
  const std::vector<domain::VisitAction> later{
      {id, domain::ActionKind::presume_left, domain::ActionHow::automatic, today_at("20:00")}};
  actions.record(later, house.account, today_at("20:05"));

  const auto history = actions.history(id);
  BOOST_REQUIRE(history.size() == 2);
  BOOST_TEST((history[0].action.kind == domain::ActionKind::check_in));
  BOOST_TEST((history[1].action.how == domain::ActionHow::automatic));
  BOOST_TEST(history[1].recorded_at == today_at("20:05"));
  BOOST_TEST(history[0].login == "tester");
  BOOST_TEST(actions.of(std::span{&id, 1}).size() == 2);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("DELETE FROM visit_action"); }), db::DatabaseError);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE visit_action SET reason = ''"); }), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(the_list_without_a_filter_is_the_one_of_a_filter_that_all_pass) {
  for (int i = 0; i < 7; ++i) {
    const auto id = given_visit(tx, house);
    tx.exec(
        "UPDATE visit SET expected_from = expected_from - $2 * interval '1 hour', version = version + 1 WHERE id = $1",
        id, i / 2);
  }
  const auto numbers = [&](const domain::Scope& scope, store::VisitFilter filter) {
    std::vector<std::int64_t> all;
    while (true) {
      const auto page = store::Visits{tx, scope}.list(filter);
      if (page.empty()) return all;
      BOOST_TEST(page.size() <= 3);
      for (const auto& one : page) all.push_back(one.visit.id.value);
      filter.before = store::VisitPosition{page.back().visit.expected_from, page.back().visit.id};
    }
  };
  const auto here = domain::Scope::of({house.site}, {});
  for (const bool oldest_first : {false, true}) {
    store::VisitFilter none;
    none.oldest_first = oldest_first;
    none.limit = 3;
    auto all_pass = none;
    all_pass.since = today_at("00:00") - std::chrono::days{1};
    const auto listed = numbers(here, none);
    BOOST_TEST(listed.size() == 7U);
    BOOST_TEST(listed == numbers(here, all_pass), boost::test_tools::per_element());
    BOOST_TEST(numbers(domain::Scope::of({SiteId{house.site.value + 1'000'000}}, {}), none).empty());
    BOOST_TEST(numbers(domain::Scope::of({}, {}), none).empty());
    BOOST_TEST(numbers(domain::Scope::of({}, {house.department}), none) == listed, boost::test_tools::per_element());
    none.limit = 1'000'000;
    BOOST_TEST(visits.list(none).size() >= 7U);
  }
}

BOOST_AUTO_TEST_CASE(lists_filter_and_page_in_a_stable_order) {
  std::vector<VisitId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(given_visit(tx, house));  // all expected at the same moment
  save(ids[2], state_of(VisitStatus::checked_in));

  store::VisitFilter filter;
  filter.site = house.site;
  filter.limit = 2;
  std::vector<std::int64_t> paged;
  while (true) {
    const auto page = visits.list(filter);
    if (page.empty()) break;
    BOOST_TEST(page.size() <= 2);
    for (const auto& one : page) paged.push_back(one.visit.id.value);
    filter.before = store::VisitPosition{page.back().visit.expected_from, page.back().visit.id};
  }
  const std::vector<std::int64_t> newest_first{ids[4].value, ids[3].value, ids[2].value, ids[1].value, ids[0].value};
  BOOST_TEST(paged == newest_first, boost::test_tools::per_element());

  store::VisitFilter inside;
  inside.statuses = {VisitStatus::checked_in};
  inside.site = house.site;
  BOOST_REQUIRE(visits.list(inside).size() == 1);
  BOOST_TEST(visits.list(inside)[0].visit.id.value == ids[2].value);

  const auto count = [&](auto set) {
    store::VisitFilter one;
    one.site = house.site;
    set(one);
    return visits.list(one).size();
  };
  BOOST_TEST(count([&](auto& f) { f.since = today_at("08:00"); }) == 5);
  BOOST_TEST(count([&](auto& f) { f.until = today_at("08:00"); }) == 0);
  BOOST_TEST(count([&](auto& f) { f.text = "gina guest"; }) == 5);
  BOOST_TEST(count([&](auto& f) { f.text = "HANA"; }) == 5);
  BOOST_TEST(count([&](auto& f) { f.text = "nobody"; }) == 0);
  tx.exec(
      "INSERT INTO guest (name, created_at) SELECT 'Gina Guest of the crowd ' || n, now() FROM generate_series(1, "
      "1001) n");
  BOOST_TEST(count([&](auto& f) { f.text = "gina guest"; }) == 5);
  BOOST_TEST(count([&](auto& f) { f.host = HostId{987654}; }) == 0);
  BOOST_TEST(count([&](auto& f) { f.department = house.department; }) == 5);
  BOOST_TEST(count([&](auto& f) { f.guest = house.guest; }) == 5);
}

BOOST_AUTO_TEST_CASE(people_inside_are_listed_with_the_door_they_came_through) {
  const auto by_person = given_visit_in_the_building(tx, house, today_at("08:10"));
  House other = house;
  other.guest = given_guest(tx, "Dora Door");
  const auto by_door = given_visit(tx, other);
  given_passage(tx, other, 1, today_at("08:00"), domain::Direction::entry);
  save(by_door, state_of(VisitStatus::checked_in));

  const auto inside = visits.inside(house.site);
  BOOST_REQUIRE(inside.size() == 2);
  BOOST_TEST(inside[0].listed.visit.id.value == by_door.value);
  BOOST_TEST(inside[0].proof.terminal_name == "Gate " + house.tag);
  BOOST_TEST(inside[0].proof.door_name == "In");
  BOOST_TEST(inside[0].listed.guest_name == "Dora Door");
  BOOST_TEST(inside[1].listed.visit.id.value == by_person.value);
  BOOST_TEST(inside[1].proof.terminal_name == "");
}

BOOST_AUTO_TEST_CASE(locking_takes_what_may_still_matter_in_the_order_of_numbers) {
  const auto ended = given_visit(tx, house);
  const auto live = given_visit(tx, house);
  save(ended, state_of(VisitStatus::checked_out));

  const auto all = visits.lock_for_guests(std::span{&house.guest, 1});
  BOOST_REQUIRE(all.size() == 2);
  BOOST_TEST(all[0].id.value == ended.value);
  const auto later = visits.lock_for_guests(std::span{&house.guest, 1}, today_at("18:01"));
  BOOST_REQUIRE(later.size() == 1);
  BOOST_TEST(later[0].id.value == live.value);
  BOOST_TEST(visits.lock_for_guests(std::span{&house.guest, 1}, today_at("17:59")).size() == 2);
  BOOST_TEST(visits.lock_for_guests({}, today_at("17:59")).empty());
}

BOOST_AUTO_TEST_CASE(candidates_for_the_timers_are_the_oldest_first) {
  const auto first = given_visit_in_the_building(tx, house, today_at("08:00"));
  given_visit_in_the_building(tx, house, today_at("09:00"));
  const auto awaited = given_visit(tx, house);

  const auto inside = visits.inside_since(today_at("08:30"), 1'000'000);
  BOOST_TEST(std::count_if(inside.begin(), inside.end(), [&](const auto& v) { return v.site == house.site; }) == 1);
  BOOST_TEST(visits.inside_since(today_at("08:30"), 1)[0].id.value <= first.value);
  const auto late = visits.awaited_until(today_at("18:01"), 1'000'000);
  BOOST_TEST(std::any_of(late.begin(), late.end(), [&](const auto& v) { return v.visit.id == awaited; }));
  const auto not_yet = visits.awaited_until(today_at("18:00"), 1'000'000);
  BOOST_TEST(std::none_of(not_yet.begin(), not_yet.end(), [&](const auto& v) { return v.visit.id == awaited; }));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(two_folds_of_one_visit_take_turns_and_the_second_sees_the_first, Database) {
  VisitId id;
  House house;
  {
    db::Transaction tx{pool};
    house = House::build(tx);
    id = given_visit_in_the_building(tx, house, today_at("08:00"));
    tx.commit();
  }
  db::Transaction first{pool};
  auto stale = store::Visits{first, domain::Scope::everything()}.lock_for_guests(std::span{&house.guest, 1});

  // Somebody who read without the lock comes too late, whichever is first.
  db::Transaction second{pool};
  const auto seen = store::Visits{second, domain::Scope::everything()}.get(id);
  const store::VisitSave first_end{id, state_of(VisitStatus::checked_out), stale[0].version};
  store::Visits{first, domain::Scope::everything()}.save_states(std::span{&first_end, 1});
  first.commit();

  auto other_end = state_of(VisitStatus::checked_out);
  other_end.checked_out_at = other_end.ended_at = today_at("10:00");
  const store::VisitSave second_end{id, other_end, seen.version};
  BOOST_CHECK_EXCEPTION((store::Visits{second, domain::Scope::everything()}.save_states(std::span{&second_end, 1})),
                        Error, has_code(Errc::conflict));
  BOOST_TEST((*store::Visits{second, domain::Scope::everything()}.get(id).state.checked_out_at == today_at("09:00")));
}
