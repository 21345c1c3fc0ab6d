#include "app/replay.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/incidents.hpp"
#include "app/journal.hpp"
#include "app/rules.hpp"
#include "app/timers.hpp"
#include "app/visits.hpp"
#include "given.hpp"
#include "store/incidents.hpp"
#include "store/visits.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using app::IncidentDifference;
using domain::IncidentStatus;
using domain::IncidentType;
using domain::VisitStatus;

namespace {

struct Replays : Ingested {
  app::Period day{at("2026-09-01T00:00:00Z"), at("2026-09-02T00:00:00Z")};

  Instant end = at("2026-09-02T12:00:00Z");
  app::Work later() { return work(end); }
  app::ReplayReport compare() { return app::compare_with_facts(later(), day); }
  app::ReplayReport repair() { return app::repair_from_facts(later(), compare()); }
  /// Ticks of the timers every ten minutes from \p from until \p until.
  void tick(std::string_view from, std::string_view until) {
    for (auto now = on_the_day(from); now <= on_the_day(until); now += std::chrono::minutes{10}) {
      app::close_presumed_left(work(now));
      app::mark_no_shows(work(now));
      app::run_timed_rules(work(now));
    }
  }
  std::vector<std::string> types(const app::ReplayReport& report) {
    std::vector<std::string> types;
    for (const auto& one : report.incident_differences)
      types.push_back(fmt::format("{} {}", one.kind == IncidentDifference::Kind::missing ? "missing" : "unsupported",
                                  domain::name(one.finding.type)));
    return types;
  }
  IncidentId given_incident(IncidentType type, const std::string& subject, std::string_view when) {
    store::Sighting sighting;
    sighting.finding.type = type;
    sighting.finding.subject = subject;
    sighting.finding.site = site;
    sighting.finding.occurred_at = on_the_day(when);
    sighting.finding.summary = "Made up.";
    return store::Incidents{tx, domain::Scope::everything()}
        .open_or_touch(std::span{&sighting, 1}, on_the_day(when))
        .at(0)
        .incident.id;
  }
  domain::Incident incident(IncidentId id) { return store::Incidents{tx, domain::Scope::everything()}.get(id); }
  std::int64_t replay_audits() { return count("audit", "details->>'why' = 'replay'"); }
  void edit(VisitId visit, const std::string& columns) {
    tx.exec(fmt::format("UPDATE visit SET {}, version = version + 1 WHERE id = {}", columns, visit.value));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_is_stored_follows_from_the_facts, Replays)

BOOST_AUTO_TEST_CASE(an_honest_day_replays_without_a_difference) {
  settings.rules.exit_entry_count = 2;
  const auto presumed = given_visit(given_guest("1"));
  given_visit(given_guest("2"));
  given_visit(given_guest("3"));
  given_guest("4");
  const auto by_hand = given_visit(given_guest("5"));
  page(entrance, {pass(1, "08:05", "1"), pass(2, "08:06", "2"), pass(3, "08:30", "2"), pass(4, "09:00", "4")});
  app::check_in(work(on_the_day("09:30")), by_hand);
  page(way_out, {pass(1, "08:20", "2"), pass(2, "08:40", "3"), pass(3, "08:50", "2")});
  page(entrance, {refusal(5, "10:00", "C1"), refusal(6, "10:01", "C1"), refusal(7, "10:02", "C1")});
  page(entrance,
       {refusal(8, "10:04", "C1"), pass(9, "18:30", "3"), an_event(10, "18:40", 5, 10, domain::EventClass::alarm)});
  tick("08:00", "23:50");

  const auto report = compare();
  BOOST_TEST(
      (store::Visits{tx, domain::Scope::everything()}.get(presumed).state.checked_out_how == domain::How::presumed));
  BOOST_TEST(incidents().size() >= 5U);
  BOOST_TEST(types(report) == std::vector<std::string>{}, boost::test_tools::per_element());
  BOOST_TEST(report.visit_differences.size() == 0U);
  BOOST_TEST(report.guests == 5);
  BOOST_TEST(report.visits == 4);
  BOOST_TEST(report.incidents > 0);
}

BOOST_AUTO_TEST_CASE(an_edited_state_is_found_and_repaired_once_with_an_audit_row) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "09:00", "17")});
  const auto truth = state(visit);
  edit(visit, "exit_count = 7, checked_out_at = '2026-09-01T08:10:00Z', ended_at = '2026-09-01T08:10:00Z'");

  auto report = compare();
  BOOST_TEST_REQUIRE(report.visit_differences.size() == 1U);
  BOOST_TEST(report.visit_differences[0].stored.id.value == visit.value);
  BOOST_TEST(report.visit_differences[0].stored.state.exit_count == 7);
  BOOST_TEST((report.visit_differences[0].facts == truth));
  BOOST_TEST(state(visit).exit_count == 7);  // only looked at
  BOOST_TEST(replay_audits() == 0);

  report = repair();
  BOOST_TEST(report.repaired == 1);
  BOOST_TEST((state(visit) == truth));
  BOOST_TEST(replay_audits() == 1);
  BOOST_TEST(compare().differences() == 0U);
  BOOST_TEST(repair().repaired == 0);
  BOOST_TEST(replay_audits() == 1);
}

BOOST_AUTO_TEST_CASE(a_state_that_no_fact_has_led_to_goes_back_although_nobody_else_may_do_that) {
  const auto visit = given_visit(given_guest("17"));
  edit(visit, "status = 'CHECKED_IN', checked_in_at = '2026-09-01T08:10:00Z', checked_in_how = 'door'");
  const auto back = "status = 'AWAITING', checked_in_at = NULL, checked_in_how = NULL";
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] { edit(visit, back); }), Error, has_code(Errc::conflict));

  BOOST_TEST(repair().repaired == 1);
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(the_guard_of_the_database_holds_again_after_a_repair) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  end = on_the_day("09:00");
  edit(visit, "entry_count = 3");
  BOOST_TEST(repair().repaired == 1);
  BOOST_CHECK_EXCEPTION(
      tx.savepoint([&] { edit(visit, "status = 'AWAITING', checked_in_at = NULL, checked_in_how = NULL"); }), Error,
      has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(a_called_off_visit_that_nobody_called_off_is_found) {
  const auto visit = given_visit(given_guest("17"));
  edit(visit, "status = 'CANCELLED', ended_at = '2026-09-01T07:00:00Z'");
  BOOST_TEST(repair().repaired == 1);
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
}

BOOST_AUTO_TEST_CASE(first_exit_and_first_entry_are_taken_by_their_times_in_whatever_order_they_arrive) {
  const auto in_order = given_visit(given_guest("1"));
  const auto late_entry = given_visit(given_guest("2"));
  const auto exit_first = given_visit(given_guest("3"));
  page(way_out, {pass(1, "09:00", "2"), pass(2, "09:05", "1"), pass(3, "08:00", "3")}, on_the_day("09:06"));
  page(entrance, {pass(1, "08:30", "3"), pass(2, "08:10", "1"), pass(3, "08:05", "2")}, on_the_day("12:00"));

  BOOST_TEST((state(in_order).status == VisitStatus::checked_out));
  BOOST_TEST((state(late_entry).status == VisitStatus::checked_out));
  BOOST_TEST(*state(late_entry).checked_in_at == on_the_day("08:05"));
  BOOST_TEST((state(exit_first).status == VisitStatus::checked_in));
  BOOST_TEST(state(exit_first).exit_count == 1);
  page(way_out, {pass(4, "09:30", "3")}, on_the_day("12:01"));
  const auto report = compare();
  BOOST_TEST(types(report) == std::vector<std::string>{}, boost::test_tools::per_element());
  BOOST_TEST(report.visit_differences.size() == 0U);
}

BOOST_AUTO_TEST_CASE(counters_do_not_grow_on_overlapping_polls_and_replay_proves_it) {
  const auto visit = given_visit(given_guest("17"));
  for (int i = 0; i < 3; ++i) {
    page(entrance, {pass(1, "08:05", "17"), pass(2, "08:20", "17")}, on_the_day("08:21"));
    page(way_out, {pass(1, "09:00", "17")}, on_the_day("09:01"));
  }
  BOOST_TEST(state(visit).entry_count == 2);
  BOOST_TEST(state(visit).exit_count == 1);
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(what_lies_outside_of_the_period_is_not_looked_at) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "09:00", "17")});
  edit(visit, "exit_count = 7");
  given_incident(IncidentType::tamper, "terminal:1", "09:00");
  day = {at("2026-09-02T00:00:00Z"), at("2026-09-03T00:00:00Z")};
  BOOST_TEST(compare().differences() == 0U);
  day = {at("2026-09-01T09:00:00Z"), at("2026-09-01T09:00:01Z")};
  BOOST_TEST(compare().differences() == 2U);
}

BOOST_AUTO_TEST_CASE(a_missing_incident_is_opened_late_and_nobody_is_alerted) {
  const auto visit = given_visit(given_guest("17"));
  settings.rules.off = {"exit_without_entry"};
  page(way_out, {pass(1, "08:05", "17")});
  settings.rules.off = {};
  BOOST_TEST(incidents().size() == 0U);

  BOOST_TEST(types(compare()) == std::vector<std::string>{"missing exit_without_entry"},
             boost::test_tools::per_element());
  BOOST_TEST(incidents().size() == 0U);
  BOOST_TEST(repair().repaired == 1);
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].late);
  BOOST_TEST(found[0].occurred_at == on_the_day("08:05"));
  BOOST_TEST(found[0].visit->value == visit.value);
  BOOST_TEST(found[0].event.has_value());
  BOOST_TEST(count("alert") == 0);
  BOOST_TEST(replay_audits() == 1);
  BOOST_TEST(compare().differences() == 0U);

  app::resolve_incident(later(), found[0].id, "");
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(what_happened_while_the_daemon_was_off_is_found_afterwards) {
  const auto guest = given_guest("17");
  given_visit(guest);
  page(entrance, {pass(1, "08:05", "17")}, on_the_day("23:00"));
  page(way_out, {pass(1, "20:00", "17")}, on_the_day("23:00"));
  settings.rules.off = {};
  BOOST_TEST(types(compare()) == (std::vector<std::string>{"missing long_stay", "missing overstay"}),
             boost::test_tools::per_element());
  BOOST_TEST(repair().repaired == 2);
  for (const auto& one : incidents()) BOOST_TEST(one.late);
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(what_a_timer_could_not_have_seen_is_not_missed) {
  given_visit(given_guest("17"), "08:00", "20:00");
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "16:05:09", "17")});
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(an_incident_that_no_fact_supports_ends_as_a_false_alarm_with_the_reason) {
  const auto guest = given_guest("17");
  given_visit(guest);
  const auto made_up = given_incident(IncidentType::entry_without_visit, fmt::format("guest:{}", guest), "09:00");
  BOOST_TEST(types(compare()) == std::vector<std::string>{"unsupported entry_without_visit"},
             boost::test_tools::per_element());
  BOOST_TEST((incident(made_up).status == IncidentStatus::fresh));

  BOOST_TEST(repair().repaired == 1);
  BOOST_TEST((incident(made_up).status == IncidentStatus::false_alarm));
  const auto history = store::Incidents{tx, domain::Scope::everything()}.history(made_up);
  BOOST_TEST(history.back().note.find("no stored event") != std::string::npos);
  BOOST_TEST(replay_audits() == 1);
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(what_people_handle_or_no_event_can_prove_is_left_alone_and_counted) {
  const auto taken = given_incident(IncidentType::tamper, "terminal:1", "09:00");
  app::assign_incident(work(on_the_day("09:01")), taken, std::nullopt, "");
  const auto reopened = given_incident(IncidentType::tamper, "terminal:2", "09:00");
  app::resolve_incident(work(on_the_day("09:01")), reopened, "");
  app::reopen_incident(work(on_the_day("09:02")), reopened, "");
  const auto ended = given_incident(IncidentType::tamper, "terminal:3", "09:00");
  app::mark_false_alarm(work(on_the_day("09:01")), ended, "");
  given_incident(IncidentType::other, "x", "09:00");
  given_incident(IncidentType::terminal_offline, "terminal:1", "09:00");
  given_incident(IncidentType::event_gap, "terminal:1", "09:00");
  given_incident(IncidentType::clock_drift, "terminal:1", "09:00");
  given_incident(IncidentType::blocked_guest, "guest:1", "09:00");
  given_incident(IncidentType::door_held, "door:1/1", "09:00");
  settings.rules.off = {"door_held"};

  const auto report = compare();
  BOOST_TEST(report.differences() == 0U);
  BOOST_TEST(report.handled == 2);
  BOOST_TEST(report.switched_off == 1);
  BOOST_TEST(report.not_replayable.size() == 5U);
  BOOST_TEST(repair().repaired == 0);
  BOOST_TEST((incident(taken).status == IncidentStatus::investigating));
}

BOOST_AUTO_TEST_CASE(a_late_exit_withdraws_a_long_stay_that_never_was) {
  given_visit(given_guest("17"), "08:00", "23:00");
  page(entrance, {pass(1, "08:05", "17")});
  app::run_timed_rules(work(on_the_day("16:10")));
  page(way_out, {pass(1, "12:00", "17")}, on_the_day("16:20"));
  BOOST_TEST(types(compare()) == std::vector<std::string>{"unsupported long_stay"}, boost::test_tools::per_element());
  BOOST_TEST(repair().repaired == 1);
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_building_is_found_again_however_it_fills) {
  settings.rules.capacity = 2;
  end = on_the_day("10:00");
  for (int i = 1; i <= 4; ++i) given_visit(given_guest(std::to_string(i)));
  page(entrance, {pass(1, "08:05", "1"), pass(2, "08:15", "2"), pass(3, "08:25", "3")});
  app::run_timed_rules(work(on_the_day("08:30")));
  page(way_out, {pass(1, "08:35", "1")});
  BOOST_TEST(incidents().size() == 1U);
  BOOST_TEST(compare().differences() == 0U);

  app::resolve_incident(work(on_the_day("08:40")), incidents().at(0).id, "");
  page(entrance, {pass(4, "09:00", "4")});
  page(way_out, {pass(2, "09:30", "2")});
  BOOST_TEST(types(compare()) == std::vector<std::string>{"missing capacity"}, boost::test_tools::per_element());
  BOOST_TEST(repair().repaired == 1);
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(the_night_in_which_the_clock_goes_back_replays_as_it_was) {
  tx.exec("UPDATE site SET time_zone = 'America/New_York', days_off = '{}', version = version + 1 WHERE id = $1", site);
  const auto guest = given_guest("17");
  // 2026-11-01, 02:00 EDT becomes 01:00 EST: 05:30 and 06:30 are the same wall clock.
  given_visit(guest, "2026-11-01T04:30:00Z", "2026-11-01T23:00:00Z");
  page(entrance, {pass(1, "2026-11-01T05:30:00Z", "17")});
  page(way_out, {pass(1, "2026-11-01T06:30:00Z", "17")});
  page(entrance, {pass(2, "2026-11-01T06:40:00Z", "17")});
  page(way_out, {pass(2, "2026-11-01T10:50:00Z", "17")});
  page(entrance, {pass(3, "2026-11-01T10:59:59Z", "17"), pass(4, "2026-11-01T11:00:00Z", "17")});
  page(way_out, {pass(3, "2026-11-01T12:00:00Z", "17")});
  day = {at("2026-11-01T00:00:00Z"), at("2026-11-03T00:00:00Z")};
  const auto report = app::compare_with_facts(work(at("2026-11-03T00:00:00Z")), day);
  BOOST_TEST(types(report) == std::vector<std::string>{}, boost::test_tools::per_element());
  BOOST_TEST(report.visit_differences.size() == 0U);
  BOOST_TEST_REQUIRE(count("incident", "type = 'suspicious_time'") == 1);
  BOOST_TEST(count("incident", "type = 'suspicious_time' AND seen_count = 3") == 1);  // not the one at 06:00 EST
}

BOOST_AUTO_TEST_CASE(what_late_events_make_of_earlier_ones_is_found_although_nobody_saw_it_happen) {
  const auto guest = given_guest("17");
  given_visit(guest);
  page(entrance, {pass(1, "08:05", "17"), pass(2, "09:30", "17")});
  page(way_out, {pass(1, "08:30", "17"), pass(2, "09:40", "17")}, on_the_day("15:00"));
  BOOST_TEST(types(compare()) == std::vector<std::string>{"missing entry_without_visit"},
             boost::test_tools::per_element());
  BOOST_TEST(repair().repaired == 1);
  BOOST_TEST(compare().differences() == 0U);
}

BOOST_AUTO_TEST_CASE(a_count_that_a_late_event_filled_earlier_is_the_same_run) {
  end = on_the_day("10:00");
  given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "08:06", "17")});
  page(entrance, {pass(2, "08:07", "17")});
  page(way_out, {pass(2, "08:08", "17")});
  page(entrance, {pass(3, "08:10", "17")});
  BOOST_TEST_REQUIRE(count("incident", "type = 'repeated_exit_entry'") == 1);
  page(entrance, {pass(4, "08:09", "17")});
  BOOST_TEST(types(compare()) == std::vector<std::string>{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rules_tried_on_the_past, Replays)

BOOST_AUTO_TEST_CASE(the_rules_as_they_are_would_raise_what_was_raised) {
  given_visit(given_guest("1"));
  given_visit(given_guest("2"), "08:00", "23:00");
  page(way_out, {pass(1, "08:05", "1")});
  page(entrance, {pass(1, "08:10", "2")});
  tick("08:00", "17:00");
  page(way_out, {pass(2, "17:05", "2")});

  const auto trial = app::try_rules(later(), day, app::site_rules(later()), {});
  BOOST_TEST(trial.tried.size() == 2U);
  for (const auto& tried : trial.tried) {
    BOOST_TEST(tried.would);
    BOOST_TEST(tried.was.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_proposal_shows_what_it_would_add_and_what_it_would_spare_and_changes_nothing) {
  given_visit(given_guest("1"), "08:00", "23:00");
  given_visit(given_guest("2"), "08:00", "23:00");
  page(entrance, {pass(1, "08:00", "1"), pass(2, "08:00:30", "2")});
  page(way_out, {pass(1, "14:30", "1")});
  tick("08:10", "17:00");
  page(way_out, {pass(2, "17:05", "2")});
  const auto stored = count("incident");
  const auto changes = count("change");

  const auto raised = [&](std::vector<app::RuleChange> changes) {
    std::vector<std::string> lines;
    for (const auto& tried :
         app::try_rules(later(), day, app::site_rules(later(), changes), IncidentType::long_stay).tried)
      lines.push_back(fmt::format("{} {}", tried.was ? "was" : "-", tried.would ? "would" : "-"));
    return lines;
  };
  const auto is = [](std::vector<std::string> lines) { return lines; };
  BOOST_TEST(raised({}) == is({"was would"}), boost::test_tools::per_element());
  BOOST_TEST(raised({{"long_stay", "6h", {}}}) == is({"- would", "was would"}), boost::test_tools::per_element());
  BOOST_TEST(raised({{"long_stay", "10h", {}}}) == is({"was -"}), boost::test_tools::per_element());
  BOOST_TEST(raised({{"off", "long_stay", {}}}) == is({"was -"}), boost::test_tools::per_element());
  BOOST_CHECK_EXCEPTION(app::site_rules(later(), std::vector<app::RuleChange>{{"long_sty", "6h", {}}}), Error,
                        has_code(Errc::usage));
  BOOST_TEST(count("incident") == stored);
  BOOST_TEST(count("change") == changes);
}

BOOST_AUTO_TEST_CASE(one_subject_has_one_incident_at_a_time) {
  page(entrance, {refusal(1, "10:00", "C1"), refusal(2, "10:01", "C1"), refusal(3, "10:02", "C1")});
  page(entrance, {refusal(4, "11:00", "C1"), refusal(5, "11:01", "C1"), refusal(6, "11:02", "C1")});
  BOOST_TEST(app::try_rules(later(), day, app::site_rules(later()), {}).tried.size() == 1U);

  app::resolve_incident(work(on_the_day("11:30")), incidents().at(0).id, "");
  page(entrance, {refusal(7, "12:00", "C1"), refusal(8, "12:01", "C1"), refusal(9, "12:02", "C1")});
  const auto trial = app::try_rules(later(), day, app::site_rules(later()), {});
  BOOST_TEST_REQUIRE(trial.tried.size() == 2U);
  BOOST_TEST(trial.tried[1].was.has_value());
  BOOST_TEST(trial.tried[1].finding.occurred_at == on_the_day("12:02"));
}

BOOST_AUTO_TEST_SUITE_END()
