#include "domain/rules.hpp"

#include <boost/test/unit_test.hpp>

#include "given.hpp"

using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

struct Rules {
  Instant now = on_the_day("12:00");
  RuleSettings settings;
  Zone zone = Zone::named("Asia/Almaty");
  std::vector<unsigned> days_off{6, 7};
  std::vector<PassageFact> passages;
  std::vector<DenialFact> denials;
  std::vector<PresenceFact> inside;
  std::vector<TerminalFact> terminals;

  std::vector<Finding> on(Trigger trigger) const {
    const std::vector<SiteRules> sites{{kSite, zone, days_off, settings}};
    RuleInput input{now, sites};
    input.passages = passages;
    input.denials = denials;
    input.inside = inside;
    input.terminals = terminals;
    return look(input, trigger);
  }
  void given_entry(Instant when, StepKind kind = StepKind::checked_in, std::optional<VisitId> visit = VisitId{42}) {
    PassageFact fact;
    fact.guest = GuestId{7};
    fact.site = kSite;
    fact.terminal = kTerminal;
    const bool in = kind != StepKind::exit_without_entry && kind != StepKind::checked_out;
    fact.direction = in ? Direction::entry : Direction::exit;
    fact.step = {{kTerminal, 1, 5, when, 5, 75}, kind, visit};
    passages.push_back(fact);
  }
  bool suspicious(std::string_view when, const char* zone_name = "Asia/Almaty") {
    zone = Zone::named(zone_name);
    passages.clear();
    given_entry(at(when));
    return !on(Trigger::events).empty();
  }
  void given_denial(std::string_view when, bool is_new = true, std::string subject = "card:00123") {
    DenialFact fact;
    fact.key = {kTerminal, 1, static_cast<std::int64_t>(denials.size()) + 1, on_the_day(when), 5, 9};
    fact.site = kSite;
    fact.subject = std::move(subject);
    fact.is_new = is_new;
    denials.push_back(fact);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rules_that_look_at_events, Rules)

BOOST_AUTO_TEST_CASE(every_type_has_at_most_one_rule) {
  for (const auto& rule : rules())
    BOOST_TEST(
        std::count_if(rules().begin(), rules().end(), [&](const Rule& other) { return other.type == rule.type; }) == 1);
}

BOOST_AUTO_TEST_CASE(an_exit_without_entry_is_found_with_its_visit) {
  given_entry(on_the_day("08:05"), StepKind::exit_without_entry);

  const auto findings = on(Trigger::events);
  BOOST_TEST_REQUIRE(findings.size() == 1U);
  BOOST_TEST((findings[0].type == IncidentType::exit_without_entry));
  BOOST_TEST((findings[0].severity == Severity::high));
  BOOST_TEST(findings[0].subject == "visit:42");
  BOOST_TEST((findings[0].visit == VisitId{42}));
  BOOST_TEST((findings[0].guest == GuestId{7}));
  BOOST_TEST((findings[0].terminal == kTerminal));
  BOOST_TEST(findings[0].occurred_at == on_the_day("08:05"));
}

BOOST_AUTO_TEST_CASE(other_exits_and_entries_by_day_are_nothing_to_report) {
  given_entry(on_the_day("08:05"));
  given_entry(on_the_day("09:05"), StepKind::checked_out);

  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_switched_off_finds_nothing) {
  given_entry(on_the_day("08:05"), StepKind::exit_without_entry);
  settings.off = {IncidentType::exit_without_entry};

  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(night_is_a_matter_of_the_sites_clock) {
  // Tuesday 1 September in Almaty, UTC+5.
  BOOST_TEST(suspicious("2026-09-01T00:59:59Z"));   // 05:59:59
  BOOST_TEST(!suspicious("2026-09-01T01:00:00Z"));  // 06:00
  BOOST_TEST(!suspicious("2026-09-01T16:59:59Z"));  // 21:59:59
  BOOST_TEST(suspicious("2026-09-01T17:00:00Z"));   // 22:00
  BOOST_TEST(suspicious("2026-09-01T18:59:59Z"));   // 23:59:59
  BOOST_TEST(suspicious("2026-09-01T19:00:00Z"));   // 00:00 of Wednesday
  BOOST_TEST(!suspicious("2026-09-01T04:00:00Z"));  // 09:00, the morning rush
}

BOOST_AUTO_TEST_CASE(a_day_off_begins_and_ends_at_local_midnight) {
  BOOST_TEST(!suspicious("2026-09-04T16:00:00Z"));  // Friday 21:00
  BOOST_TEST(suspicious("2026-09-05T05:00:00Z"));   // Saturday 10:00
  BOOST_TEST(suspicious("2026-09-06T16:00:00Z"));   // Sunday 21:00
  BOOST_TEST(!suspicious("2026-09-07T01:00:00Z"));  // Monday 06:00, which is Monday in UTC too
}

BOOST_AUTO_TEST_CASE(hours_follow_the_change_to_summer_time) {
  // Berlin, Monday after the change of 29 March 2026: UTC+2; the Friday before: UTC+1.
  BOOST_TEST(suspicious("2026-03-27T04:59:59Z", "Europe/Berlin"));
  BOOST_TEST(!suspicious("2026-03-27T05:00:00Z", "Europe/Berlin"));
  BOOST_TEST(suspicious("2026-03-30T03:59:59Z", "Europe/Berlin"));
  BOOST_TEST(!suspicious("2026-03-30T04:00:00Z", "Europe/Berlin"));
  // On the day itself, open for once on Sundays: 05:59:59 and 06:00 lie after the change.
  days_off = {};
  passages.clear();
  given_entry(at("2026-03-29T03:59:59Z"));
  BOOST_TEST(on(Trigger::events).size() == 1U);
  passages.clear();
  given_entry(at("2026-03-29T04:00:00Z"));
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(hours_follow_the_change_to_winter_time) {
  // Berlin, 25 October 2026: UTC+2 before 01:00Z, UTC+1 after.
  BOOST_TEST(!suspicious("2026-10-23T19:59:59Z", "Europe/Berlin"));
  BOOST_TEST(suspicious("2026-10-23T20:00:00Z", "Europe/Berlin"));
  BOOST_TEST(!suspicious("2026-10-26T20:59:59Z", "Europe/Berlin"));
  BOOST_TEST(suspicious("2026-10-26T21:00:00Z", "Europe/Berlin"));
  days_off = {};
  passages.clear();
  given_entry(at("2026-10-25T04:59:59Z"));
  BOOST_TEST(on(Trigger::events).size() == 1U);
  passages.clear();
  given_entry(at("2026-10-25T05:00:00Z"));
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(a_night_shift_has_hours_over_midnight) {
  settings.day_begins = 20h;
  settings.day_ends = 4h;
  BOOST_TEST(suspicious("2026-09-01T14:59:59Z"));   // 19:59:59
  BOOST_TEST(!suspicious("2026-09-01T15:00:00Z"));  // 20:00
  BOOST_TEST(!suspicious("2026-09-01T19:30:00Z"));  // 00:30
  BOOST_TEST(suspicious("2026-09-01T23:00:00Z"));   // 04:00
}

BOOST_AUTO_TEST_CASE(an_entry_at_night_without_a_visit_is_found_by_its_guest) {
  settings.off = {IncidentType::entry_without_visit};
  given_entry(at("2026-09-01T18:00:00Z"), StepKind::entry_without_visit, std::nullopt);

  const auto findings = on(Trigger::events);
  BOOST_TEST_REQUIRE(findings.size() == 1U);
  BOOST_TEST((findings[0].type == IncidentType::suspicious_time));
  BOOST_TEST((findings[0].severity == Severity::medium));
  BOOST_TEST(findings[0].subject == "guest:7");
}

BOOST_AUTO_TEST_CASE(two_refusals_are_not_yet_news) {
  given_denial("08:00");
  given_denial("08:01");
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(three_refusals_in_exactly_the_window_are_one_finding) {
  given_denial("08:00");
  given_denial("08:01");
  given_denial("08:05");

  const auto findings = on(Trigger::events);
  BOOST_TEST_REQUIRE(findings.size() == 1U);
  BOOST_TEST((findings[0].type == IncidentType::multiple_failed_access));
  BOOST_TEST((findings[0].severity == Severity::high));
  BOOST_TEST(findings[0].subject == "card:00123");
  BOOST_TEST(findings[0].occurred_at == on_the_day("08:05"));
}

BOOST_AUTO_TEST_CASE(three_refusals_in_more_than_the_window_are_none) {
  given_denial("08:00");
  given_denial("08:01");
  given_denial("2026-09-01T08:05:01Z");
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(refusals_of_different_subjects_do_not_add_up) {
  given_denial("08:00");
  given_denial("08:01");
  given_denial("08:02", true, "card:124");
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(refusals_stored_before_count_with_the_new_one) {
  given_denial("08:00", false);
  given_denial("08:01", false);
  given_denial("08:02", true);
  BOOST_TEST(on(Trigger::events).size() == 1U);
}

BOOST_AUTO_TEST_CASE(refusals_that_are_all_known_are_no_news) {
  given_denial("08:00", false);
  given_denial("08:01", false);
  given_denial("08:02", false);
  given_denial("09:00", true);
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_given_twice_counts_once) {
  given_denial("08:00", false);
  given_denial("08:01", true);
  denials.push_back(denials.back());
  denials.back().is_new = false;
  BOOST_TEST(on(Trigger::events).empty());
}

BOOST_AUTO_TEST_CASE(a_long_burst_is_one_finding_and_a_second_burst_another) {
  for (const auto* time : {"08:00", "08:02", "08:04", "08:06", "08:08", "08:10", "08:12", "08:14"}) given_denial(time);
  BOOST_TEST(on(Trigger::events).size() == 1U);
  for (const auto* time : {"09:00", "09:01", "09:02"}) given_denial(time);
  BOOST_TEST(on(Trigger::events).size() == 2U);
}

BOOST_AUTO_TEST_CASE(refusals_count_across_midnight_and_in_any_order) {
  given_denial("2026-09-02T00:02:00Z");
  given_denial("2026-09-01T23:58:00Z");
  given_denial("2026-09-01T23:59:30Z");
  BOOST_TEST(on(Trigger::events).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_subject_that_needs_escaping_gives_valid_details) {
  for (const auto* time : {"08:00", "08:01", "08:02"}) given_denial(time, true, "card:\"\\");
  BOOST_TEST(on(Trigger::events).at(0).details.find(R"("subject":"card:\"\\")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_counts_for_the_most_that_is_known_of_the_person) {
  BOOST_TEST(denial_subject(GuestId{7}, "17", "00123", kTerminal, 1) == "guest:7");
  BOOST_TEST(denial_subject({}, "17", "00123", kTerminal, 1) == "employee:17");
  BOOST_TEST(denial_subject({}, {}, "00123", kTerminal, 1) == "card:00123");
  BOOST_TEST(denial_subject({}, {}, {}, kTerminal, 1) == "door:3/1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rules_that_look_at_the_clock, Rules)

BOOST_AUTO_TEST_CASE(a_long_stay_is_more_than_the_limit) {
  inside = {{VisitId{42}, GuestId{7}, kSite, on_the_day("04:00"), on_the_day("14:00")}};

  now = on_the_day("12:00");
  BOOST_TEST(on(Trigger::timer).empty());

  now += 1us;
  const auto findings = on(Trigger::timer);
  BOOST_TEST_REQUIRE(findings.size() == 1U);
  BOOST_TEST((findings[0].type == IncidentType::long_stay));
  BOOST_TEST((findings[0].severity == Severity::medium));
  BOOST_TEST(findings[0].subject == "visit:42");
  BOOST_TEST(findings[0].occurred_at == on_the_day("12:00"));
}

BOOST_AUTO_TEST_CASE(a_long_stay_is_elapsed_time_over_midnight_and_changes_of_the_clock) {
  inside = {{VisitId{42}, GuestId{7}, kSite, at("2026-10-24T20:00:00Z"), at("2026-10-25T21:00:00Z")}};
  now = at("2026-10-25T04:00:00Z");  // nine hours on the wall clock in Berlin
  BOOST_TEST(on(Trigger::timer).empty());
  now += 1s;
  BOOST_TEST(on(Trigger::timer).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_terminal_is_offline_after_two_minutes_without_an_answer) {
  TerminalFact terminal;
  terminal.id = kTerminal;
  terminal.site = kSite;
  terminal.name = "Lobby";
  terminal.last_answer_at = on_the_day("11:58");
  terminal.since = on_the_day("08:00");
  terminals = {terminal};

  now = on_the_day("12:00") - 1us;
  BOOST_TEST(on(Trigger::timer).empty());

  now = on_the_day("12:00");
  const auto findings = on(Trigger::timer);
  BOOST_TEST_REQUIRE(findings.size() == 1U);
  BOOST_TEST((findings[0].type == IncidentType::terminal_offline));
  BOOST_TEST((findings[0].severity == Severity::high));
  BOOST_TEST(findings[0].subject == "terminal:3");
  BOOST_TEST(findings[0].occurred_at == on_the_day("12:00"));

  terminals[0].enabled = false;
  BOOST_TEST(on(Trigger::timer).empty());
}

BOOST_AUTO_TEST_CASE(a_terminal_that_never_answered_is_offline_two_minutes_after_it_was_added) {
  TerminalFact terminal;
  terminal.id = kTerminal;
  terminal.site = kSite;
  terminal.since = on_the_day("11:58");
  terminals = {terminal};

  now = on_the_day("12:00") - 1us;
  BOOST_TEST(on(Trigger::timer).empty());
  now = on_the_day("12:00");
  BOOST_TEST(on(Trigger::timer).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
