#include "domain/routing.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;
using namespace visitor::domain;
using namespace std::chrono_literals;

namespace {

Instant at(int hour, int minute = 0, int second = 0, int day = 1) {
  return std::chrono::sys_days{std::chrono::year{2026} / 9 / day} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second};
}

const Place kChat{Channel::telegram, "-100"};
const Place kMail{Channel::email, "duty@example.org"};
const Place kHook{Channel::webhook, "siem"};

Recipient person(const std::string& name, std::vector<Place> places) {
  Recipient one;
  one.name = name;
  one.places = std::move(places);
  return one;
}

Route route(const std::string& name, std::vector<std::string> to) {
  Route one;
  one.name = name;
  one.to = std::move(to);
  return one;
}

AlertFacts alert_of(IncidentType type, Severity severity, std::int64_t id = 1) {
  AlertFacts facts;
  facts.id = AlertId{id};
  facts.incident = IncidentId{id};
  facts.type = type;
  facts.severity = severity;
  facts.site = SiteId{1};
  facts.site_name = "Main";
  facts.terminal = TerminalId{3};
  facts.guest = GuestId{7};
  return facts;
}

/// One person with a chat and an address, told of everything.
struct Duty {
  Routing routing;
  AlertFacts alert = alert_of(IncidentType::tamper, Severity::high);
  std::vector<Silence> silences;
  PaceHistory history;

  Duty() {
    routing.recipients = {person("duty", {kChat, kMail}), person("siem", {kHook}), person("log", {{Channel::log, ""}})};
    routing.routes = {route("all", {"duty"})};
  }
  Pacer pacer(Instant now = at(12)) { return {routing, silences, history, now}; }
  std::vector<Decision> decide(Instant now = at(12)) {
    auto one = pacer(now);
    return one.decide(alert, choose(routing, alert).chosen);
  }
};

std::vector<std::string> names_of(const Choice& choice) {
  std::vector<std::string> names;
  for (const auto& one : choice.chosen) names.push_back(one.recipient + "/" + std::string{name(one.place.channel)});
  return names;
}

std::vector<std::string> list(std::initializer_list<const char*> names) {
  return {names.begin(), names.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routing)

BOOST_FIXTURE_TEST_CASE(without_a_route_everything_live_goes_to_the_log_and_nothing_else, Duty) {
  routing.routes.clear();
  BOOST_TEST(names_of(choose(routing, alert)) == list({"log/log"}), boost::test_tools::per_element());
  alert.late = true;
  BOOST_TEST(choose(routing, alert).chosen.empty());
}

BOOST_FIXTURE_TEST_CASE(a_recipient_is_told_on_every_channel_that_he_has_and_the_route_wants, Duty) {
  BOOST_TEST(names_of(choose(routing, alert)) == list({"duty/telegram", "duty/email"}),
             boost::test_tools::per_element());
  routing.routes[0].channels = {Channel::email};
  BOOST_TEST(names_of(choose(routing, alert)) == list({"duty/email"}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_first_route_that_matches_counts_unless_it_goes_on, Duty) {
  routing.routes.push_back(route("machines", {"siem", "duty"}));
  auto choice = choose(routing, alert);
  BOOST_TEST(names_of(choice) == list({"duty/telegram", "duty/email"}), boost::test_tools::per_element());
  BOOST_TEST(choice.looks.size() == 1U);

  routing.routes[0].goes_on = true;
  choice = choose(routing, alert);
  BOOST_TEST(names_of(choice) == list({"duty/telegram", "duty/email", "siem/webhook"}),
             boost::test_tools::per_element());
  BOOST_TEST(choice.chosen[0].route == "all");
  BOOST_TEST(choice.chosen[2].route == "machines");
}

BOOST_FIXTURE_TEST_CASE(severity_is_a_threshold, Duty) {
  routing.routes[0].match.at_least = Severity::high;
  alert.severity = Severity::medium;
  auto choice = choose(routing, alert);
  BOOST_TEST(choice.chosen.empty());
  BOOST_TEST(choice.looks[0].why == "is medium, not high or above");
  alert.severity = Severity::high;
  choice = choose(routing, alert);
  BOOST_TEST(choice.chosen.size() == 2U);
  BOOST_TEST(choice.chosen[0].reason == "route all: severity high or above");
  alert.severity = Severity::critical;
  BOOST_TEST(choose(routing, alert).chosen.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(types_sites_departments_and_lateness_must_all_match, Duty) {
  auto& match = routing.routes[0].match;
  match.types = {IncidentType::tamper, IncidentType::duress};
  match.sites = {"MAIN"};
  BOOST_TEST(!mismatch(match, alert).has_value());
  alert.type = IncidentType::overstay;
  BOOST_TEST(mismatch(match, alert).value() == "is overstay, not tamper or duress");
  alert.type = IncidentType::duress;
  alert.site_name = "Annex";
  BOOST_TEST(mismatch(match, alert).value() == "is at Annex, not MAIN");
  alert.site_name = "main";
  match.departments = {"IT"};
  BOOST_TEST(mismatch(match, alert).value() == "is of no department, not IT");
  alert.department_name = "it";
  BOOST_TEST(!mismatch(match, alert).has_value());
  alert.late = true;
  BOOST_TEST(mismatch(match, alert).value() == "became known late");
  match.late = Lateness::any;
  BOOST_TEST(!mismatch(match, alert).has_value());
  match.late = Lateness::late;
  BOOST_TEST(!mismatch(match, alert).has_value());
  alert.late = false;
  BOOST_TEST(mismatch(match, alert).value() == "did not become known late");
}

BOOST_FIXTURE_TEST_CASE(a_route_means_incidents_unless_it_names_other_kinds, Duty) {
  alert.kind = AlertKind::daily_summary;
  alert.type.reset();
  BOOST_TEST(mismatch(routing.routes[0].match, alert).value() == "is daily_summary, not incident_opened");
  routing.routes[0].match.kinds = {AlertKind::daily_summary};
  routing.routes[0].match.at_least = Severity::critical;
  BOOST_TEST(!mismatch(routing.routes[0].match, alert).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_host_is_told_beside_every_route, Duty) {
  alert.kind = AlertKind::guest_arrived;
  alert.host = {{Channel::email, "host@example.org"}};
  BOOST_TEST(names_of(choose(routing, alert)) == list({"host/email"}), boost::test_tools::per_element());
  routing.routes[0].match.kinds = {AlertKind::guest_arrived};
  BOOST_TEST(names_of(choose(routing, alert)) == list({"host/email", "duty/telegram", "duty/email"}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(news_go_where_the_first_message_went_if_its_route_wants_them, Duty) {
  alert.kind = AlertKind::incident_ended;
  alert.told = {{kChat, Language::russian, "duty", "all", {}}};
  BOOST_TEST(choose(routing, alert).chosen.empty());
  routing.routes[0].resolved = true;
  const auto choice = choose(routing, alert);
  BOOST_REQUIRE(choice.chosen.size() == 1U);
  BOOST_TEST((choice.chosen[0].place == kChat));
  BOOST_TEST((choice.chosen[0].language == Language::russian));
  alert.kind = AlertKind::incident_updated;
  BOOST_TEST(choose(routing, alert).chosen.size() == 1U);
  routing.routes[0].updates = false;
  BOOST_TEST(choose(routing, alert).chosen.empty());
}

BOOST_FIXTURE_TEST_CASE(news_of_what_has_not_left_yet_are_told_by_it, Duty) {
  alert.kind = AlertKind::incident_updated;
  alert.told = {{kChat, Language::english, "duty", "all", AlertId{9}}};
  const auto decisions = decide();
  BOOST_REQUIRE(decisions.size() == 1U);
  BOOST_TEST(decisions[0].withheld == "told by alert 9, which has not left yet");
  BOOST_TEST((decisions[0].told_by == AlertId{9}));
}

BOOST_FIXTURE_TEST_CASE(an_escalation_goes_to_its_own_people_and_not_once_somebody_has_answered, Duty) {
  alert.kind = AlertKind::incident_escalated;
  alert.step = "chief";
  EscalationStep step;
  step.name = "chief";
  step.after = 10min;
  step.to = {"siem"};
  routing.steps = {step};
  BOOST_TEST(names_of(choose(routing, alert)) == list({"siem/webhook"}), boost::test_tools::per_element());
  BOOST_TEST(decide()[0].withheld.empty());
  alert.acknowledged = true;
  BOOST_TEST(decide()[0].withheld == "somebody has answered meanwhile");
}

BOOST_FIXTURE_TEST_CASE(a_silence_holds_from_its_start_until_before_its_end, Duty) {
  Silence silence;
  silence.id = SilenceId{3};
  silence.types = {IncidentType::tamper};
  silence.reason = "works at the gate";
  silence.starts_at = at(12);
  silence.ends_at = at(13);
  silences = {silence};
  BOOST_TEST(decide(at(11, 59, 59))[0].withheld.empty());
  BOOST_TEST(decide(at(12))[0].withheld == "silence 3: works at the gate");
  BOOST_TEST(!decide(at(12, 59, 59))[0].withheld.empty());
  BOOST_TEST(decide(at(13))[0].withheld.empty());
}

BOOST_FIXTURE_TEST_CASE(a_silence_means_only_what_it_says, Duty) {
  Silence silence;
  silence.starts_at = at(0);
  silence.ends_at = at(23);
  const auto covered = [&] { return covers(silence, alert, "duty", at(12)); };
  BOOST_TEST(covered());
  silence.at_most = Severity::medium;
  BOOST_TEST(!covered());
  silence.at_most = Severity::high;
  BOOST_TEST(covered());
  silence.terminal = TerminalId{4};
  BOOST_TEST(!covered());
  silence.terminal = TerminalId{3};
  BOOST_TEST(covered());
  silence.incident = IncidentId{2};
  BOOST_TEST(!covered());
  silence.incident = IncidentId{1};
  silence.recipient = "boss";
  BOOST_TEST(!covered());
  silence.recipient = "duty";
  BOOST_TEST(covered());
  alert.kind = AlertKind::daily_summary;
  BOOST_TEST(!covered());
}

BOOST_AUTO_TEST_CASE(quiet_hours_over_midnight_end_in_the_morning) {
  const QuietHours quiet{22h, 7h};
  const auto utc = Zone::utc();
  BOOST_TEST(!quiet_until(quiet, utc, at(21, 59, 59)).has_value());
  BOOST_TEST(quiet_until(quiet, utc, at(22)).value() == at(7, 0, 0, 2));
  BOOST_TEST(quiet_until(quiet, utc, at(0, 0, 0, 2)).value() == at(7, 0, 0, 2));
  BOOST_TEST(quiet_until(quiet, utc, at(6, 59, 59, 2)).value() == at(7, 0, 0, 2));
  BOOST_TEST(!quiet_until(quiet, utc, at(7, 0, 0, 2)).has_value());
}

BOOST_AUTO_TEST_CASE(quiet_hours_of_one_day_and_none_at_all) {
  const auto utc = Zone::utc();
  BOOST_TEST(quiet_until({12h, 14h}, utc, at(13)).value() == at(14));
  BOOST_TEST(!quiet_until({12h, 14h}, utc, at(11, 59, 59)).has_value());
  BOOST_TEST(!quiet_until({12h, 14h}, utc, at(14)).has_value());
  BOOST_TEST(!quiet_until({12h, 12h}, utc, at(12)).has_value());
}

BOOST_AUTO_TEST_CASE(quiet_hours_follow_the_wall_clock_when_the_clocks_change) {
  const auto zone = Zone::named("Europe/Berlin");
  const QuietHours quiet{22h, 7h};
  // 2026-03-29: 02:00 CET is 03:00 CEST; the night has 8 hours only.
  const Instant spring = std::chrono::sys_days{std::chrono::year{2026} / 3 / 28} + 21h;
  BOOST_TEST(quiet_until(quiet, zone, spring).value() == spring + 8h);
  // 2026-10-25: it has ten.
  const Instant autumn = std::chrono::sys_days{std::chrono::year{2026} / 10 / 24} + 20h;
  BOOST_TEST(quiet_until(quiet, zone, autumn).value() == autumn + 10h);
  // An end in the hour that is left out is the moment of the change.
  BOOST_TEST(quiet_until({22h, 150min}, zone, spring).value() == spring + 4h);
}

BOOST_FIXTURE_TEST_CASE(in_quiet_hours_only_what_is_critical_gets_through_and_the_rest_is_told_together, Duty) {
  routing.recipients[0].quiet = QuietHours{22h, 7h};
  auto one = pacer(at(23));
  const auto chosen = choose(routing, alert).chosen;
  const auto first = one.decide(alert, chosen);
  const auto second = one.decide(alert, chosen);
  BOOST_REQUIRE(first[0].gathering.has_value());
  BOOST_TEST(*first[0].gathering == *second[0].gathering);
  BOOST_TEST(*first[0].gathering != *first[1].gathering);
  BOOST_TEST(one.gatherings()[*first[0].gathering].due == at(7, 0, 0, 2));
  alert.severity = Severity::critical;
  const auto grave = one.decide(alert, chosen);
  BOOST_TEST(!grave[0].gathering.has_value());
  BOOST_TEST(grave[0].withheld.empty());
}

BOOST_FIXTURE_TEST_CASE(a_person_with_a_zone_has_his_quiet_hours_there, Duty) {
  routing.recipients[0].quiet = QuietHours{22h, 7h};
  routing.recipients[0].zone = Zone::named("Asia/Almaty");
  BOOST_TEST(!decide(at(16, 59, 59))[0].gathering.has_value());
  BOOST_TEST(decide(at(17))[0].gathering.has_value());
}

BOOST_FIXTURE_TEST_CASE(from_the_limit_of_a_minute_on_one_summary_tells_the_rest, Duty) {
  routing.storm_limit = 3;
  routing.recipients[0].places = {kChat};
  auto one = pacer();
  const auto chosen = choose(routing, alert).chosen;
  for (int i = 0; i < 3; ++i) BOOST_TEST(!one.decide(alert, chosen)[0].gathering.has_value());
  const auto fourth = one.decide(alert, chosen)[0];
  BOOST_REQUIRE(fourth.gathering.has_value());
  BOOST_TEST(one.gatherings()[*fourth.gathering].due == at(12, 0, 10));
  for (int i = 0; i < 10'000; ++i) BOOST_TEST((one.decide(alert, chosen)[0].gathering == fourth.gathering));
  BOOST_TEST(one.gatherings().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_went_out_in_the_last_minute_counts, Duty) {
  routing.recipients[0].places = {kChat};
  routing.storm_limit = 3;
  history.last_minute[kChat] = 2;
  BOOST_TEST(!decide()[0].gathering.has_value());
  history.last_minute[kChat] = 3;
  BOOST_TEST(decide()[0].gathering.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_storm_that_goes_on_brings_its_first_summary_up_to_date_and_one_that_calmed_begins_anew,
                        Duty) {
  routing.recipients[0].places = {kChat};
  routing.storm_limit = 3;
  history.last_minute[kChat] = 50;
  Gathering before;
  before.place = kChat;
  before.due = at(11, 59, 30);
  before.alert = AlertId{5};
  history.gatherings = {before};
  auto on = pacer();
  const auto next = on.decide(alert, choose(routing, alert).chosen)[0];
  BOOST_TEST((on.gatherings()[*next.gathering].follows == AlertId{5}));
  BOOST_TEST(on.gatherings()[*next.gathering].due == at(12, 0, 30));

  history.gatherings[0].due = at(11, 58);
  auto anew = pacer();
  const auto fresh = anew.decide(alert, choose(routing, alert).chosen)[0];
  BOOST_TEST(!anew.gatherings()[*fresh.gathering].follows.has_value());
}

BOOST_FIXTURE_TEST_CASE(while_a_summary_has_not_left_more_is_told_by_it, Duty) {
  routing.recipients[0].places = {kChat};
  Gathering open;
  open.place = kChat;
  open.due = at(12, 0, 5);
  open.open = true;
  open.alert = AlertId{5};
  history.gatherings = {open};
  auto one = pacer();
  const auto joined = one.decide(alert, choose(routing, alert).chosen)[0];
  BOOST_REQUIRE(joined.gathering.has_value());
  BOOST_TEST((one.gatherings()[*joined.gathering].alert == AlertId{5}));
}

BOOST_FIXTURE_TEST_CASE(machines_are_told_of_each_in_any_storm, Duty) {
  routing.routes = {route("machines", {"siem"})};
  routing.storm_limit = 1;
  auto one = pacer();
  for (int i = 0; i < 100; ++i) BOOST_TEST(!one.decide(alert, choose(routing, alert).chosen)[0].gathering.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_group_waits_for_others_and_then_for_its_interval, Duty) {
  routing.recipients[0].places = {kChat};
  routing.routes[0].wait = 30s;
  routing.routes[0].interval = 5min;
  auto one = pacer();
  const auto chosen = choose(routing, alert).chosen;
  const auto first = one.decide(alert, chosen)[0];
  BOOST_REQUIRE(first.gathering.has_value());
  BOOST_TEST(one.gatherings()[*first.gathering].due == at(12, 0, 30));
  BOOST_TEST((one.decide(alert, chosen)[0].gathering == first.gathering));

  history.last_of_route[{"all", kChat}] = at(11, 58);
  auto later = pacer();
  const auto next = later.decide(alert, chosen)[0];
  BOOST_TEST(later.gatherings()[*next.gathering].due == at(12, 3));
}

BOOST_FIXTURE_TEST_CASE(an_interval_without_a_wait_lets_the_first_go_at_once, Duty) {
  routing.recipients[0].places = {kChat};
  routing.routes[0].interval = 5min;
  BOOST_TEST(!decide()[0].gathering.has_value());
  history.last_of_route[{"all", kChat}] = at(11, 55);
  BOOST_TEST(!decide()[0].gathering.has_value());
  history.last_of_route[{"all", kChat}] = at(11, 55, 1);
  BOOST_TEST(decide()[0].gathering.has_value());
}

BOOST_AUTO_TEST_CASE(what_a_route_asks_for_is_said_in_words) {
  AlertMatch match;
  BOOST_TEST(in_words(match) == "any incident");
  match.types = {IncidentType::duress, IncidentType::tamper};
  match.at_least = Severity::critical;
  match.sites = {"Main", "Annex", "Gate"};
  match.late = Lateness::any;
  BOOST_TEST(in_words(match) == "type duress or tamper, severity critical, site Main, Annex or Gate, late or not");
}

BOOST_AUTO_TEST_SUITE_END()
