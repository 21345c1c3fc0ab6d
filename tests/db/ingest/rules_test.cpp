#include "app/rules.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "app/gaps.hpp"
#include "app/timers.hpp"
#include "app/visits.hpp"
#include "given.hpp"
#include "store/incidents.hpp"
#include "store/sites.hpp"
#include "support/has_code.hpp"

/// Every rule from stored events and real ticks to its incident. Moments are UTC; the site is in Almaty (UTC+5).
using namespace visitor;
using namespace visitor::test;
using domain::EventClass;
using domain::IncidentStatus;
using domain::IncidentType;
using domain::Severity;

namespace {

struct Ruled : Ingested {
  std::vector<domain::Incident> of(IncidentType type) {
    auto all = incidents();
    std::erase_if(all, [&](const domain::Incident& one) { return one.type != type; });
    return all;
  }
  std::size_t open(IncidentType type) {
    const auto all = of(type);
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& one) { return domain::is_open(one.status); }));
  }
  void resolve(IncidentType type) {
    for (const auto& one : of(type))
      if (domain::is_open(one.status))
        store::Incidents{tx, domain::Scope::everything()}.resolve(one.id, one.version, actor.account, "",
                                                                  on_the_day("09:00"));
  }
  SiteId store_site(const std::string& name) {
    domain::Site berlin;
    berlin.name = fmt::format("{} of {}", name, site);
    berlin.time_zone = "Europe/Berlin";
    return store::Sites{tx, domain::Scope::everything()}.add(berlin, on_the_day("00:00"));
  }
  void at_the_site(const std::string& key, const std::string& value) {
    app::set_site_rule(work(on_the_day("00:00")), {key, value, site});
  }
  void block(GuestId guest) {
    tx.exec("UPDATE guest SET blocked_reason = 'stole a chair', version = version + 1 WHERE id = $1", guest);
  }
  static app::IncomingEvent alarm(std::int64_t serial, std::string_view time, int major, int minor) {
    return an_event(serial, time, major, minor, EventClass::alarm);
  }
  void clock_of(TerminalId terminal, std::int64_t offset_ms) {
    tx.exec(
        "UPDATE terminal SET state = 'online', failures = 0, last_answer_at = '2026-09-01', clock_offset_ms = $2 "
        "WHERE id = $1",
        terminal, offset_ms);
  }
  /// Goes in at \p from and then turns round every two minutes.
  void walks(const std::string& number, std::string_view from, int turns, std::int64_t serial) {
    auto when = on_the_day(from);
    for (int i = 0; i <= turns; ++i, when += std::chrono::minutes{2}) {
      auto event = pass(serial + i, from, number);
      event.occurred_at = when;
      page(i % 2 == 0 ? entrance : way_out, {event});
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rules_from_events_to_incidents, Ruled)

BOOST_AUTO_TEST_CASE(a_guest_who_turns_round_four_times_in_half_an_hour_is_told_of_once) {
  const auto guest = given_guest("17");
  const auto visit = given_visit(guest);
  walks("17", "08:00", 3, 1);
  BOOST_TEST(open(IncidentType::repeated_exit_entry) == 0U);

  page(entrance, {pass(50, "08:20", "17")});
  BOOST_TEST_REQUIRE(open(IncidentType::repeated_exit_entry) == 1U);
  const auto found = of(IncidentType::repeated_exit_entry).at(0);
  BOOST_TEST((found.guest == guest));
  BOOST_TEST((found.visit == visit));
  BOOST_TEST((found.severity == Severity::medium));
  BOOST_TEST(found.event.has_value());
  BOOST_TEST(found.occurred_at == on_the_day("08:20"));

  page(way_out, {pass(51, "08:22", "17")});
  BOOST_TEST_REQUIRE(of(IncidentType::repeated_exit_entry).size() == 1U);
  BOOST_TEST(of(IncidentType::repeated_exit_entry)[0].seen_count == 2);

  resolve(IncidentType::repeated_exit_entry);
  page(entrance, {pass(52, "08:24", "17")});
  BOOST_TEST(of(IncidentType::repeated_exit_entry).size() == 2U);
}

BOOST_AUTO_TEST_CASE(all_turns_in_one_page_count_and_so_do_late_ones) {
  const auto guest = given_guest("17");
  given_visit(guest);
  // A reader that leads both ways: one terminal has all of it.
  page(entrance, {pass(1, "08:00", "17"), pass(2, "08:10", "17"), pass(3, "08:20", "17")});
  page(way_out, {pass(1, "08:05", "17"), pass(2, "08:15", "17")}, on_the_day("08:21"));
  BOOST_TEST(open(IncidentType::repeated_exit_entry) == 1U);
}

BOOST_AUTO_TEST_CASE(turns_count_across_midnight_and_across_two_visits) {
  const auto guest = given_guest("17");
  given_visit(guest, "2026-09-01T18:00:00Z", "2026-09-01T18:59:00Z");
  given_visit(guest, "2026-09-01T19:00:00Z", "2026-09-01T23:00:00Z");
  settings.visits.reentry_grace = std::chrono::seconds{0};
  page(entrance, {pass(1, "18:40", "17")});
  page(way_out, {pass(1, "18:45", "17")});
  page(entrance, {pass(2, "18:50", "17")});
  page(way_out, {pass(2, "18:55", "17")});
  BOOST_TEST(open(IncidentType::repeated_exit_entry) == 0U);
  page(entrance, {pass(3, "19:01", "17")});
  BOOST_TEST(open(IncidentType::repeated_exit_entry) == 1U);
}

BOOST_AUTO_TEST_CASE(an_entry_without_a_visit_is_told_of_and_one_with_a_visit_is_not) {
  const auto guest = given_guest("17");
  page(entrance, {pass(1, "08:00", "17")});
  BOOST_TEST_REQUIRE(open(IncidentType::entry_without_visit) == 1U);
  const auto found = of(IncidentType::entry_without_visit).at(0);
  BOOST_TEST((found.guest == guest));
  BOOST_TEST(!found.visit.has_value());
  BOOST_TEST((found.severity == Severity::high));
  BOOST_TEST(found.dedupe_key == fmt::format("entry_without_visit/guest:{}", guest));

  given_visit(given_guest("18"));
  page(entrance, {pass(2, "08:01", "18")});
  BOOST_TEST(of(IncidentType::entry_without_visit).size() == 1U);

  page(entrance, {pass(3, "08:02", "17")});
  BOOST_TEST(of(IncidentType::entry_without_visit).size() == 1U);
  resolve(IncidentType::entry_without_visit);
  page(entrance, {pass(4, "08:03", "17")});
  BOOST_TEST(of(IncidentType::entry_without_visit).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_blocked_guest_who_passes_or_is_refused_is_a_critical_incident) {
  const auto guest = given_guest("17", "777");
  given_visit(guest);
  page(entrance, {pass(1, "08:00", "17")});
  BOOST_TEST(open(IncidentType::blocked_guest) == 0U);

  block(guest);
  page(way_out, {pass(1, "08:01", "17")});
  BOOST_TEST_REQUIRE(open(IncidentType::blocked_guest) == 1U);
  BOOST_TEST((of(IncidentType::blocked_guest)[0].severity == Severity::critical));
  BOOST_TEST(of(IncidentType::blocked_guest)[0].summary == "A blocked guest passed a door.");

  page(entrance, {refusal(2, "08:02", "777")});
  BOOST_TEST(of(IncidentType::blocked_guest)[0].seen_count == 2);
  resolve(IncidentType::blocked_guest);
  page(entrance, {refusal(3, "08:03", "777")});
  BOOST_TEST_REQUIRE(of(IncidentType::blocked_guest).size() == 2U);
  BOOST_TEST(of(IncidentType::blocked_guest)[0].summary == "A blocked guest was refused at a door.");
}

BOOST_AUTO_TEST_CASE(a_refused_registration_of_a_blocked_guest_outlives_the_refusal) {
  const auto guest = given_guest("17");
  block(guest);
  app::NewVisit wanted;
  wanted.guest = guest;
  wanted.site = site;
  std::optional<app::BlockedGuestError> refused;
  try {
    tx.savepoint([&] { app::create_visit(work(on_the_day("08:00")), wanted); });
  } catch (const app::BlockedGuestError& error) {
    refused = error;
  }
  BOOST_TEST_REQUIRE(refused.has_value());
  BOOST_TEST((refused->code() == Errc::conflict));
  BOOST_TEST(refused->message().find("stole a chair") != std::string::npos);
  BOOST_TEST(incidents().empty());

  app::record_refusal(work(on_the_day("08:00")), *refused);
  BOOST_TEST_REQUIRE(open(IncidentType::blocked_guest) == 1U);
  const auto found = of(IncidentType::blocked_guest)[0];
  BOOST_TEST((found.guest == guest));
  BOOST_TEST((found.site == site));
  BOOST_TEST(!found.visit.has_value());
  BOOST_TEST(found.summary == "Somebody tried to register a visit of a blocked guest.");
  BOOST_TEST(count("alert") == 1);
}

BOOST_AUTO_TEST_CASE(a_guest_who_was_blocked_after_being_registered_is_told_of_at_the_check_in) {
  const auto guest = given_guest("17");
  const auto visit = given_visit(guest);
  block(guest);
  app::check_in(work(on_the_day("08:00")), visit);
  BOOST_TEST_REQUIRE(open(IncidentType::blocked_guest) == 1U);
  BOOST_TEST((of(IncidentType::blocked_guest)[0].visit == visit));
}

BOOST_AUTO_TEST_CASE(alarms_of_terminals_are_incidents_without_guest_and_visit) {
  struct Row {
    int major, minor;
    IncidentType type;
    Severity severity;
  };
  std::int64_t serial = 0;
  for (const auto& [major, minor, type, severity] :
       {Row{1, 1034, IncidentType::duress, Severity::critical}, Row{5, 27, IncidentType::door_forced, Severity::high},
        Row{5, 28, IncidentType::door_held, Severity::medium}, Row{1, 1028, IncidentType::tamper, Severity::critical},
        Row{1, 1030, IncidentType::tamper, Severity::critical}}) {
    const auto before = of(type).size();
    const auto seen = before == 0 ? 0 : of(type)[0].seen_count;
    const auto result = page(entrance, {alarm(++serial, "08:00", major, minor)});
    BOOST_TEST_CONTEXT(major << "/" << minor) {
      BOOST_TEST_REQUIRE(of(type).size() == 1U);
      const auto found = of(type)[0];
      BOOST_TEST(found.seen_count == seen + 1);
      BOOST_TEST(result.opened.size() == (before == 0 ? 1U : 0U));
      BOOST_TEST((found.severity == severity));
      BOOST_TEST((found.terminal == entrance));
      BOOST_TEST(found.event.has_value());
      BOOST_TEST(!found.guest.has_value());
      BOOST_TEST(!found.visit.has_value());
    }
  }
  // The same page again, and one that repeats after everything was dealt with.
  page(entrance, {alarm(1, "08:00", 1, 1034)});
  BOOST_TEST(of(IncidentType::duress)[0].seen_count == 1);
  resolve(IncidentType::duress);
  page(entrance, {alarm(++serial, "08:10", 1, 1034)});
  BOOST_TEST(of(IncidentType::duress).size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_alarm_counts_whatever_the_terminals_clock_says_and_names_the_guest_it_names) {
  const auto guest = given_guest("17");
  auto event = alarm(1, "08:00", 1, 1034);
  event.time_source = domain::TimeSource::received;
  event.time_text = "0000-00-00T00:00:00";
  event.employee_no = "17";
  page(entrance, {event}, on_the_day("08:05"));
  BOOST_TEST_REQUIRE(of(IncidentType::duress).size() == 1U);
  BOOST_TEST(of(IncidentType::duress)[0].occurred_at == on_the_day("08:05"));
  BOOST_TEST((of(IncidentType::duress)[0].guest == guest));
  BOOST_TEST(of(IncidentType::duress)[0].dedupe_key == fmt::format("duress/guest:{}", guest));
}

BOOST_AUTO_TEST_CASE(alarms_that_no_rule_speaks_of_and_restorations_open_nothing) {
  page(entrance,
       {alarm(1, "08:00", 1, 1024), alarm(2, "08:01", 1, 1037), an_event(3, "08:02", 1, 1029, EventClass::state),
        an_event(4, "08:03", 5, 26, EventClass::door_state)});
  BOOST_TEST(incidents().empty());
}

BOOST_AUTO_TEST_CASE(a_late_alarm_opens_a_late_incident_and_alerts_nobody) {
  page(entrance, {alarm(1, "08:00", 5, 27)}, on_the_day("08:05:01"));
  BOOST_TEST(of(IncidentType::door_forced).at(0).late);
  BOOST_TEST(count("alert") == 0);
}

BOOST_AUTO_TEST_CASE(numbers_that_stay_missing_after_asking_again_are_an_incident_of_the_terminal) {
  page(entrance, {lock(1, "08:00"), lock(10, "08:01")});
  auto open_gaps = store::Gaps{tx, domain::Scope::everything()}.open(entrance);
  BOOST_TEST_REQUIRE(open_gaps.size() == 1U);
  BOOST_TEST(incidents().empty());

  BOOST_TEST(app::give_up_gaps(work(on_the_day("08:02")), entrance, {}) == 0);
  BOOST_TEST(app::give_up_gaps(work(on_the_day("08:02")), entrance, open_gaps) == 1);
  BOOST_TEST_REQUIRE(open(IncidentType::event_gap) == 1U);
  const auto found = of(IncidentType::event_gap)[0];
  BOOST_TEST((found.terminal == entrance));
  BOOST_TEST(found.summary.starts_with("Events 2 to 9 are missing"));
  BOOST_TEST((store::Gaps{tx, domain::Scope::everything()}.missing(entrance).size() == 1U));
  BOOST_TEST(app::give_up_gaps(work(on_the_day("08:03")), entrance, open_gaps) == 0);

  page(entrance, {lock(20, "08:04")});
  open_gaps = store::Gaps{tx, domain::Scope::everything()}.open(entrance);
  app::give_up_gaps(work(on_the_day("08:05")), entrance, open_gaps);
  BOOST_TEST_REQUIRE(of(IncidentType::event_gap).size() == 1U);
  BOOST_TEST(of(IncidentType::event_gap)[0].seen_count == 2);
}

BOOST_AUTO_TEST_CASE(numbers_that_come_after_all_are_no_incident) {
  page(entrance, {lock(1, "08:00"), lock(3, "08:01")});
  const auto open_gaps = store::Gaps{tx, domain::Scope::everything()}.open(entrance);
  page(entrance, {lock(2, "08:00:30")});
  BOOST_TEST(app::give_up_gaps(work(on_the_day("08:02")), entrance, open_gaps) == 0);
  BOOST_TEST(incidents().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rules_from_ticks_to_incidents, Ruled)

BOOST_AUTO_TEST_CASE(who_is_still_inside_half_an_hour_after_the_visit_was_to_end_overstays) {
  const auto visit = given_visit(given_guest("17"));  // until 10:00
  page(entrance, {pass(1, "08:05", "17")});

  BOOST_TEST(app::run_timed_rules(work(on_the_day("10:30"))) == 0);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("10:30:01"))) == 1);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("10:30:06"))) == 0);
  BOOST_TEST_REQUIRE(open(IncidentType::overstay) == 1U);
  BOOST_TEST((of(IncidentType::overstay)[0].visit == visit));
  BOOST_TEST((of(IncidentType::overstay)[0].severity == Severity::low));
  resolve(IncidentType::overstay);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("10:31"))) == 0);
}

BOOST_AUTO_TEST_CASE(a_guest_with_no_event_since_the_check_in_is_found_by_the_timer_all_the_same) {
  const auto visit = given_visit(given_guest(""), "08:00", "20:00");
  app::check_in(work(on_the_day("08:00")), visit);
  BOOST_TEST(count("access_event", fmt::format("terminal_id IN ({}, {})", entrance, way_out)) == 0);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("16:00:01"))) == 1);
  BOOST_TEST(open(IncidentType::long_stay) == 1U);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_off_is_told_of_once_until_it_was_right_again) {
  clock_of(entrance, 30'000);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:00"))) == 0);
  clock_of(entrance, -30'001);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:00:05"))) == 1);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:00:10"))) == 0);
  clock_of(entrance, -31'000);  // it goes on drifting
  resolve(IncidentType::clock_drift);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("09:00"))) == 0);
  BOOST_TEST(of(IncidentType::clock_drift).size() == 1U);

  clock_of(entrance, 0);
  app::run_timed_rules(work(on_the_day("09:10")));
  clock_of(entrance, 45'000);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("09:20"))) == 1);
  BOOST_TEST_REQUIRE(of(IncidentType::clock_drift).size() == 2U);
  BOOST_TEST(of(IncidentType::clock_drift)[0].summary.ends_with("is 45 s ahead."));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_calls_local_time_utc_is_named) {
  clock_of(entrance, 5 * 3'600'000 + 2'000);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:00"))) == 1);
  BOOST_TEST(of(IncidentType::clock_drift).at(0).summary.find("calls it UTC (+00:00)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(more_guests_than_the_site_allows_are_told_of_once_while_it_lasts) {
  at_the_site("capacity", "2");
  const auto comes = [&](int number, std::string_view when) {
    const auto text = std::to_string(number);
    given_visit(given_guest(text), "08:00", "18:00");
    page(entrance, {pass(number, when, text)});
  };
  comes(1, "08:01");
  comes(2, "08:02");
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:02:30"))) == 0);
  comes(3, "08:03");
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:03:30"))) == 1);
  BOOST_TEST_REQUIRE(open(IncidentType::capacity) == 1U);
  BOOST_TEST(of(IncidentType::capacity)[0].summary == "3 people are in the building; 2 are allowed.");
  BOOST_TEST(of(IncidentType::capacity)[0].occurred_at == on_the_day("08:03"));

  // It stays full, whoever comes and goes: the fourth comes before the first leaves.
  resolve(IncidentType::capacity);
  comes(4, "08:04");
  page(way_out, {pass(1, "08:05", "1")});
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:05:30"))) == 0);

  page(way_out, {pass(2, "08:06", "2")});
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:06:30"))) == 0);
  comes(5, "08:07");
  BOOST_TEST(app::run_timed_rules(work(on_the_day("08:07:30"))) == 1);
  BOOST_TEST(of(IncidentType::capacity).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(what_a_site_says_otherwise, Ruled)

BOOST_AUTO_TEST_CASE(a_site_has_thresholds_severities_and_switches_of_its_own_for_timers) {
  given_visit(given_guest("17"), "08:00", "20:00");
  page(entrance, {pass(1, "08:00", "17")});
  at_the_site("long_stay", "6h");
  at_the_site("rules.long_stay_severity", "critical");
  BOOST_TEST(app::run_timed_rules(work(on_the_day("14:00"))) == 0);
  BOOST_TEST(app::run_timed_rules(work(on_the_day("14:00:01"))) == 1);
  BOOST_TEST((of(IncidentType::long_stay).at(0).severity == Severity::critical));

  // Another site goes by the file.
  const auto other = store_site("Berlin");
  for (const auto& one : app::site_rules(work(on_the_day("14:00"))))
    BOOST_TEST((one.settings.long_stay == std::chrono::hours{one.id == site ? 6 : 8}));
  BOOST_TEST(other.value != site.value);
}

BOOST_AUTO_TEST_CASE(a_site_has_thresholds_and_switches_of_its_own_for_events) {
  at_the_site("failed_access_count", "2");
  at_the_site("off", "door_held, duress");
  page(entrance, {refusal(1, "08:00", "777"), refusal(2, "08:01", "777"), alarm(3, "08:02", 5, 28)});
  BOOST_TEST(open(IncidentType::multiple_failed_access) == 1U);
  BOOST_TEST(open(IncidentType::door_held) == 0U);

  const auto elsewhere = given_terminal("gate", "entry", store_site("Berlin"));
  page(elsewhere, {alarm(1, "08:03", 5, 28)});
  BOOST_TEST(count("incident", fmt::format("type = 'door_held' AND terminal_id = {}", elsewhere)) == 1);
}

BOOST_AUTO_TEST_CASE(a_site_can_switch_on_what_the_file_switches_off) {
  settings.rules.off = {"door_forced"};
  at_the_site("off", "none");
  page(entrance, {alarm(1, "08:00", 5, 27)});
  BOOST_TEST(open(IncidentType::door_forced) == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_set_is_audited_and_versioned_and_what_is_unset_is_gone) {
  const auto now = on_the_day("08:00");
  const auto first = app::set_site_rule(work(now), {"overstay", "90m", site});
  BOOST_TEST(first.value == "90m");
  BOOST_TEST(first.version == 1);
  const auto second = app::set_site_rule(work(now), {"rules.overstay", "2h", site});
  BOOST_TEST(second.version == 2);
  BOOST_TEST((second.id == first.id));
  app::unset_site_rule(work(now), site, "overstay");
  BOOST_CHECK_EXCEPTION(app::unset_site_rule(work(now), site, "overstay"), Error, has_code(Errc::not_found));
  BOOST_TEST(count("site_rule", fmt::format("site_id = {}", site)) == 0);
  for (const auto* action : {"create", "update", "delete"})
    BOOST_TEST(
        count("audit", fmt::format("topic = 'site_rule' AND entity_id = {} AND action = '{}'", first.id, action)) == 1);
}

BOOST_AUTO_TEST_CASE(what_a_site_says_has_the_bounds_of_the_file) {
  const auto refused = [&](std::string key, std::string value, std::string_view part) {
    BOOST_CHECK_EXCEPTION(app::set_site_rule(work(on_the_day("08:00")), {key, value, site}), Error,
                          [&](const Error& error) {
                            return error.code() == Errc::usage && error.message().find(part) != std::string::npos;
                          });
  };
  refused("long_stay", "10s", "from 1m to 30d");
  refused("long_stay", "soon", "span of time");
  refused("long_stay", "", "span of time");
  refused("failed_access_count", "three", "whole number");
  refused("capacity", "-1", "from 0 to 9999");
  refused("capacity_severity", "awful", "low");
  refused("off", "long_stay,longer", "longer");
  refused("day_begins", "23:00", "must end after");
  refused("interval", "1s", "no option 'interval'");
  refused("live_window", "1h", "no option");
  refused("long_sty", "1h", "no option 'long_sty'");
  refused("database.url", "x", "no option");
  BOOST_CHECK_EXCEPTION(app::set_site_rule(work(on_the_day("08:00")), {"capacity", "5", SiteId{987654}}), Error,
                        has_code(Errc::not_found));
  BOOST_TEST(count("site_rule") == 0);
}

BOOST_AUTO_TEST_CASE(every_key_can_be_set_to_what_it_is_and_proposals_go_before_overrides) {
  const auto now = on_the_day("08:00");
  for (const auto& listed : app::list_rules(work(now)))
    for (const auto& one : listed.thresholds) app::set_site_rule(work(now), {one.key, one.value, site});
  at_the_site("long_stay", "6h");
  const std::vector<app::RuleChange> proposed{{"long_stay", "4h", site}, {"capacity", "7", {}}};
  for (const auto& one : app::site_rules(work(now), proposed)) {
    if (one.id == site) BOOST_TEST((one.settings.long_stay == std::chrono::hours{4}));
    BOOST_TEST(one.settings.capacity == 7);
  }
  const std::vector<app::RuleChange> wrong{{"long_stay", "4", {}}};
  BOOST_CHECK_EXCEPTION(app::site_rules(work(now), wrong), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(an_override_that_does_not_fit_any_more_counts_for_nothing) {
  tx.exec(
      "INSERT INTO site_rule (site_id, key, value, changed_at) VALUES ($1, 'long_stay', 'ages', now()), "
      "($1, 'no_such_thing', '1', now())",
      site);
  for (const auto& one : app::site_rules(work(on_the_day("08:00"))))
    BOOST_TEST((one.settings.long_stay == std::chrono::hours{8}));
  page(entrance, {alarm(1, "08:00", 5, 27)});
  BOOST_TEST(open(IncidentType::door_forced) == 1U);
}

BOOST_AUTO_TEST_CASE(a_list_of_rules_names_where_values_come_from_and_what_is_open) {
  settings.rules.long_stay = std::chrono::hours{10};
  settings.from_file.insert("rules.long_stay");
  settings.rules.off = {"tamper"};
  at_the_site("long_stay", "6h");
  at_the_site("off", "");
  page(entrance, {alarm(1, "08:00", 5, 27)});
  const auto rules = app::list_rules(work(on_the_day("08:01")));
  BOOST_TEST(rules.size() == domain::rules().size());
  for (const auto& listed : rules) {
    const auto type = listed.rule->type;
    BOOST_TEST_CONTEXT(domain::name(type)) {
      BOOST_TEST(listed.on == (type != IncidentType::tamper));
      BOOST_TEST(listed.open_incidents == (type == IncidentType::door_forced ? 1 : 0));
      BOOST_TEST(listed.overrides.size() ==
                 (type == IncidentType::long_stay || type == IncidentType::tamper ? 1U : 0U));
    }
    if (type != IncidentType::long_stay) continue;
    BOOST_TEST(listed.thresholds.at(0).value == "10h");
    BOOST_TEST(listed.thresholds.at(0).fallback == "8h");
    BOOST_TEST(listed.thresholds.at(0).from_file);
    BOOST_TEST(listed.overrides.at(0).value == "6h");
  }
  BOOST_CHECK_EXCEPTION(app::get_rule(work(on_the_day("08:01")), IncidentType::other), Error,
                        has_code(Errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
