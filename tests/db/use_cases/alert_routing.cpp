#include "app/alert_routing.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include "app/alerts.hpp"
#include "app/digests.hpp"
#include "app/incidents.hpp"
#include "app/messages.hpp"
#include "app/silences.hpp"
#include "app/timers.hpp"
#include "app/visits.hpp"
#include "store/alerts.hpp"
#include "store/deliveries.hpp"
#include "store/sites.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;
using domain::AlertKind;
using domain::Channel;
using domain::DeliveryState;

namespace {

/// A duty chat that is told of everything, and a chief who is told when nobody answers.
struct RoutingFixture : AtWork {
  RoutingFixture() {
    tx.exec("UPDATE alert SET route_at = NULL WHERE route_at IS NOT NULL");
    settings.recipients.resize(2);
    settings.recipients[0].name = "duty";
    settings.recipients[0].telegram = fmt::format("-{}", unique_number());
    settings.recipients[0].language = "ru";
    settings.recipients[1].name = "chief";
    settings.recipients[1].telegram = fmt::format("{}", unique_number());
    settings.routes.resize(1);
    settings.routes[0].name = "all";
    settings.routes[0].to = {"duty"};
  }

  domain::Incident given_incident(domain::IncidentType type = domain::IncidentType::tamper,
                                  std::string_view at = "08:30", domain::Severity severity = domain::Severity::high,
                                  bool late = false) {
    store::Sighting sighting;
    sighting.finding.type = type;
    sighting.finding.severity = severity;
    sighting.finding.subject = fmt::format("test:{}", unique_number());
    sighting.finding.site = house.site;
    sighting.finding.terminal = house.terminal;
    sighting.finding.summary = "a sentence";
    sighting.finding.occurred_at = today_at(at);
    sighting.late = late;
    auto incident = store::Incidents{tx, domain::Scope::everything()}
                        .open_or_touch(std::span{&sighting, 1}, today_at(at))[0]
                        .incident;
    app::queue_alert(work(at), incident);
    return incident;
  }

  int route(std::string_view at = "08:30") { return app::route_alerts(work(at)); }

  std::vector<domain::Delivery> of(IncidentId incident) {
    std::vector<domain::Delivery> all;
    for (const auto& due : store::Alerts{tx, domain::Scope::everything()}.of(incident)) all.push_back(due.delivery);
    return all;
  }
  domain::Delivery only(IncidentId incident) {
    const auto all = of(incident);
    BOOST_REQUIRE(all.size() == 1U);
    return all.front();
  }
  /// As its channel does.
  void send(DeliveryId id, std::string_view at, const std::string& provider_id = "m1") {
    tx.exec("UPDATE delivery SET state = 'sent', sent_at = $2, provider_id = $3, attempts = 1 WHERE id = $1", id,
            today_at(at), provider_id);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alert_routing_use_cases, RoutingFixture)

BOOST_AUTO_TEST_CASE(without_a_route_an_incident_goes_to_the_log_at_once) {
  settings.routes.clear();
  const auto delivery = only(given_incident().id);
  BOOST_TEST((delivery.channel == Channel::log));
  BOOST_TEST((delivery.state == DeliveryState::waiting));
  BOOST_TEST(route() == 0);
}

BOOST_AUTO_TEST_CASE(an_alert_goes_where_its_route_leads_once_in_the_language_of_the_recipient) {
  const auto id = given_incident().id;
  BOOST_TEST(of(id).empty());
  BOOST_TEST(route() == 1);
  BOOST_TEST(route() == 0);
  const auto delivery = only(id);
  BOOST_TEST((delivery.channel == Channel::telegram));
  BOOST_TEST(delivery.recipient == settings.recipients[0].telegram);
  BOOST_TEST((delivery.language == domain::Language::russian));
  BOOST_TEST(delivery.reason == "route all: any incident");
}

BOOST_AUTO_TEST_CASE(what_no_route_wants_is_in_the_ledger_all_the_same) {
  settings.routes[0].match.severity = "critical";
  const auto id = given_incident().id;
  route();
  const auto delivery = only(id);
  BOOST_TEST((delivery.state == DeliveryState::withheld));
  BOOST_TEST(delivery.withheld_reason == "no route matches");
}

BOOST_AUTO_TEST_CASE(what_became_known_late_is_told_only_where_a_route_asks_for_it) {
  const auto first = given_incident(domain::IncidentType::tamper, "08:30", domain::Severity::high, true);
  BOOST_TEST(route() == 0);
  BOOST_TEST(of(first.id).empty());
  settings.routes[0].match.late = "any";
  const auto second = given_incident(domain::IncidentType::tamper, "08:30", domain::Severity::high, true);
  route();
  BOOST_TEST((only(second.id).state == DeliveryState::waiting));
}

BOOST_AUTO_TEST_CASE(where_another_daemon_routes_nothing_happens_twice) {
  given_incident();
  BOOST_TEST(route() == 1);
  db::Transaction other{pool};
  BOOST_TEST(app::route_alerts({other, actor, today_at("08:30"), settings, domain::Scope::everything()}) == 0);
}

BOOST_AUTO_TEST_CASE(a_burst_becomes_a_few_messages_and_a_summary_that_names_every_incident) {
  std::vector<IncidentId> ids;
  for (int i = 0; i < 200; ++i) ids.push_back(given_incident().id);
  BOOST_TEST(route() == 200);
  int waiting = 0, told = 0;
  for (const auto id : ids) {
    const auto delivery = only(id);
    waiting += delivery.state == DeliveryState::waiting;
    told += delivery.withheld_reason.starts_with("told by alert ");
  }
  BOOST_TEST(waiting == 10);
  BOOST_TEST(told == 190);
  // More of it joins the summary that has not left.
  const auto later = given_incident(domain::IncidentType::duress, "08:30", domain::Severity::critical);
  route();
  BOOST_TEST(only(later.id).withheld_reason.find("too many at once") != std::string::npos);
  const auto storms = tx.rows(R"sql(SELECT a.id, d.id AS delivery, d.recipient FROM alert a
                                      JOIN delivery d ON d.alert_id = a.id
                                     WHERE a.kind = 'storm' AND d.recipient = $1)sql",
                              settings.recipients[0].telegram);
  BOOST_REQUIRE(storms.size() == 1U);
  store::DueDelivery due;
  due.alert.id = (*storms.begin()).get<AlertId>("id");
  due.alert.kind = AlertKind::storm;
  due.delivery.channel = Channel::telegram;
  due.delivery.recipient = settings.recipients[0].telegram;
  const auto message = app::compose(work(), due);
  BOOST_TEST(message.subject == "191 alerts");
  BOOST_TEST(message.text.find(fmt::format("№ {}", later.id)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(quiet_hours_hold_back_until_the_morning_and_tell_together) {
  settings.recipients[0].quiet_from = 22h;
  settings.recipients[0].quiet_until = 7h;
  const auto first = given_incident(domain::IncidentType::tamper, "23:00");
  const auto second = given_incident(domain::IncidentType::tamper, "23:05");
  const auto grave = given_incident(domain::IncidentType::duress, "23:05", domain::Severity::critical);
  route("23:05");
  BOOST_TEST(only(first.id).withheld_reason.find("quiet hours until 2026-09-02 07:00") != std::string::npos);
  BOOST_TEST(only(second.id).withheld_reason == only(first.id).withheld_reason);
  BOOST_TEST((only(grave.id).state == DeliveryState::waiting));
  const auto summary = tx.row(
      "SELECT due_at FROM delivery d JOIN alert a ON a.id = d.alert_id WHERE a.kind = 'storm' "
      "AND d.recipient = $1",
      settings.recipients[0].telegram);
  BOOST_TEST(summary.get<Instant>("due_at") == today_at("07:00") + 24h);
}

BOOST_AUTO_TEST_CASE(a_silence_withholds_with_its_reason_and_its_preview_counts_the_past) {
  given_incident();
  domain::Silence silence;
  silence.types = {domain::IncidentType::tamper};
  silence.terminal = house.terminal;
  silence.reason = "works at the gate";
  silence.starts_at = today_at("08:30");
  silence.ends_at = today_at("09:30");
  BOOST_TEST(app::preview_silence(work(), silence, today_at("08:00")).total == 1);
  const auto listed = app::add_silence(work(), silence);
  BOOST_TEST(app::describe(listed).starts_with("type tamper, terminal "));
  const auto silenced = given_incident();
  route();
  BOOST_TEST(only(silenced.id).withheld_reason == fmt::format("silence {}: works at the gate", listed.silence.id));

  app::expire_silence(work("08:40"), listed.silence.id);
  BOOST_CHECK_EXCEPTION(app::expire_silence(work("08:41"), listed.silence.id), Error, has_code(Errc::conflict));
  const auto told = given_incident(domain::IncidentType::tamper, "08:45");
  route("08:45");
  BOOST_TEST((only(told.id).state == DeliveryState::waiting));
  BOOST_TEST(app::list_silences(work("08:45"), false).empty());
}

BOOST_AUTO_TEST_CASE(a_silence_needs_a_reason_an_end_ahead_and_something_that_it_means) {
  domain::Silence silence;
  silence.reason = "why not";
  silence.starts_at = today_at("08:30");
  silence.ends_at = today_at("09:30");
  BOOST_CHECK_EXCEPTION(app::add_silence(work(), silence), Error, says(Errc::usage, "everything"));
  silence.types = {domain::IncidentType::tamper};
  silence.recipient = "nobody";
  BOOST_CHECK_EXCEPTION(app::add_silence(work(), silence), Error, has_code(Errc::not_found));
  silence.recipient.clear();
  silence.ends_at = today_at("08:30");
  BOOST_CHECK_EXCEPTION(app::add_silence(work(), silence), Error, has_code(Errc::usage));
  silence.ends_at = today_at("08:30") + 31 * 24h;
  BOOST_CHECK_EXCEPTION(app::add_silence(work(), silence), Error, has_code(Errc::usage));
  silence.ends_at = today_at("09:30");
  silence.reason = " ";
  BOOST_CHECK_EXCEPTION(app::add_silence(work(), silence), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(news_bring_the_first_message_up_to_date_or_are_told_by_it) {
  settings.routes[0].resolved = true;
  const auto id = given_incident().id;
  route();
  app::assign_incident(work(), id, std::nullopt, "");
  route();
  auto all = of(id);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[1].withheld_reason == fmt::format("told by alert {}, which has not left yet", all[0].alert));

  send(all[0].id, "08:31");
  app::resolve_incident(work("08:35"), id, "");
  route("08:35");
  all = of(id);
  BOOST_REQUIRE(all.size() == 3U);
  BOOST_TEST((all[2].state == DeliveryState::waiting));
  BOOST_TEST(all[2].recipient == settings.recipients[0].telegram);
}

BOOST_AUTO_TEST_CASE(the_end_is_no_news_for_those_who_did_not_ask) {
  const auto id = given_incident().id;
  route();
  send(only(id).id, "08:31");
  app::resolve_incident(work("08:35"), id, "");
  BOOST_TEST(route("08:35") == 0);
}

BOOST_AUTO_TEST_CASE(many_sightings_are_news_at_the_tenth_and_the_hundredth) {
  auto incident = given_incident();
  route();
  send(only(incident.id).id, "08:30");
  const auto seen = [&](int count, int times) {
    incident.seen_count = count;
    app::queue_sightings(work("08:40"), incident, times);
    return route("08:40");
  };
  BOOST_TEST(seen(9, 1) == 0);
  BOOST_TEST(seen(10, 1) == 1);
  BOOST_TEST(seen(10, 1) == 0);
  BOOST_TEST(seen(11, 1) == 0);
  BOOST_TEST(seen(150, 139) == 1);
}

BOOST_AUTO_TEST_CASE(nobody_answers_so_the_next_one_is_told_once_at_the_minute) {
  settings.escalations.resize(1);
  settings.escalations[0].name = "chief";
  settings.escalations[0].after = 10min;
  settings.escalations[0].to = {"chief"};
  const auto id = given_incident().id;
  route();
  const auto escalated = [&](std::string_view at) {
    app::escalate(work(at));
    route(at);
    return static_cast<int>(of(id).size()) - 1;
  };
  app::escalate({tx, actor, today_at("08:40") - 1s, settings, domain::Scope::everything()});
  route("08:40");
  BOOST_TEST(of(id).size() == 1U);
  BOOST_TEST(escalated("08:40") == 1);
  BOOST_TEST(escalated("08:41") == 1);
  BOOST_TEST(escalated("12:00") == 1);
  const auto delivery = of(id)[1];
  BOOST_TEST(delivery.recipient == settings.recipients[1].telegram);
  BOOST_TEST(delivery.reason == "escalation chief: nobody has answered for 10 min");
}

BOOST_AUTO_TEST_CASE(an_answer_stops_the_escalation_also_between_queueing_and_routing) {
  settings.escalations.resize(1);
  settings.escalations[0].name = "chief";
  settings.escalations[0].after = 10min;
  settings.escalations[0].to = {"chief"};
  const auto taken = given_incident().id;
  const auto racing = given_incident().id;
  route();
  app::assign_incident(work("08:35"), taken, std::nullopt, "");
  app::escalate(work("08:45"));
  app::resolve_incident(work("08:45"), racing, "");
  route("08:45");
  for (const auto& delivery : of(taken)) BOOST_TEST(delivery.recipient != settings.recipients[1].telegram);
  const auto all = of(racing);
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(all[1].withheld_reason == "somebody has answered meanwhile");
}

BOOST_AUTO_TEST_CASE(an_incident_that_is_open_again_escalates_again) {
  settings.escalations.resize(1);
  settings.escalations[0].name = "chief";
  settings.escalations[0].after = 10min;
  settings.escalations[0].to = {"chief"};
  const auto id = given_incident().id;
  app::resolve_incident(work("08:31"), id, "");
  app::reopen_incident(work("09:00"), id, "");
  app::escalate(work("09:09"));
  route("09:09");
  const auto before = of(id).size();
  app::escalate(work("09:10"));
  route("09:10");
  BOOST_TEST(of(id).size() == before + 1);
}

BOOST_AUTO_TEST_CASE(a_reminder_comes_each_time_the_span_is_over_until_somebody_answers) {
  settings.routes[0].repeat = 1h;
  const auto id = given_incident().id;
  route();
  app::escalate({tx, actor, today_at("09:30") - 1s, settings, domain::Scope::everything()});
  route("09:30");
  BOOST_TEST(of(id).size() == 1U);
  app::escalate(work("09:30"));
  app::escalate(work("09:30"));
  route("09:30");
  BOOST_TEST(of(id).size() == 2U);
  app::escalate(work("10:29"));
  BOOST_TEST(route("10:29") == 0);
  app::assign_incident(work("10:29"), id, std::nullopt, "");
  route("10:29");
  const auto before = of(id).size();
  app::escalate(work("10:30"));
  route("10:30");
  BOOST_TEST(of(id).size() == before);
}

BOOST_AUTO_TEST_CASE(what_follows_from_a_terminal_out_of_reach_waits_until_it_is_back) {
  store::Sighting offline;
  offline.finding.type = domain::IncidentType::terminal_offline;
  offline.finding.severity = domain::Severity::high;
  offline.finding.subject = fmt::format("terminal:{}", house.terminal);
  offline.finding.site = house.site;
  offline.finding.terminal = house.terminal;
  offline.finding.occurred_at = today_at("08:00");
  store::Incidents{tx, domain::Scope::everything()}.open_or_touch(std::span{&offline, 1}, today_at("08:00"));
  tx.exec("UPDATE terminal SET failures = 3 WHERE id = $1", house.terminal);

  const auto drift = given_incident(domain::IncidentType::clock_drift);
  const auto tamper = given_incident(domain::IncidentType::tamper);
  BOOST_TEST(route() == 1);
  BOOST_TEST(of(drift.id).empty());
  BOOST_TEST(of(tamper.id).size() == 1U);
  BOOST_TEST(app::test_route(work(), drift.id).waits_for.has_value());
  BOOST_TEST(route("08:31") == 0);
  tx.exec("UPDATE terminal SET failures = 0 WHERE id = $1", house.terminal);
  BOOST_TEST(route("08:32") == 1);
  BOOST_TEST((only(drift.id).state == DeliveryState::waiting));
}

BOOST_AUTO_TEST_CASE(a_test_says_who_would_get_what_and_why_others_would_not) {
  settings.routes.resize(2);
  settings.routes[1].name = "chiefs";
  settings.routes[1].to = {"chief"};
  settings.routes[1].match.severity = "critical";
  const auto id = given_incident().id;
  auto test = app::test_route(work(), id);
  BOOST_REQUIRE(test.decisions.size() == 1U);
  BOOST_TEST(test.decisions[0].chosen.recipient == "duty");
  BOOST_REQUIRE(test.others.size() == 1U);
  BOOST_TEST(test.others[0].second == "route chiefs stands after route all, which matches");
  settings.routes[0].goes_on = true;
  test = app::test_route(work(), id);
  BOOST_TEST(test.others[0].second == "route chiefs: is high, not critical");
  BOOST_TEST(of(id).empty());
  BOOST_CHECK_EXCEPTION(app::test_route(work(), IncidentId{1'000'000'000}), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct HostsFixture : RoutingFixture {
  HostsFixture() {
    settings.routes.clear();
    settings.email.server = "mail.example.org";
    tx.exec("UPDATE host SET email = 'host@example.org', version = version + 1 WHERE id = $1", house.host);
  }
  std::vector<std::string> told(VisitId visit) {
    std::vector<std::string> told;
    for (const auto& [alert, deliveries] : store::Alerts{tx, domain::Scope::everything()}.about(visit, {}))
      for (const auto& one : deliveries)
        told.push_back(fmt::format("{} {} {}", domain::name(alert.kind), domain::name(one.channel), one.recipient));
    return told;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(host_news_use_cases, HostsFixture)

BOOST_AUTO_TEST_CASE(a_host_is_told_of_arrival_and_departure_once_each) {
  const auto visit = given_visit(tx, house);
  app::check_in(work("09:00"), visit);
  route("09:00");
  app::check_out(work("10:00"), visit);
  route("10:00");
  app::reopen_visit(work("10:01"), visit, "came back");
  app::check_out(work("10:30"), visit);
  route("10:30");
  const std::vector<std::string> expected{"guest_arrived email host@example.org", "guest_left email host@example.org"};
  BOOST_TEST(told(visit) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hosts_without_an_address_or_unwilling_ones_are_not_told) {
  tx.exec("UPDATE host SET email = '', version = version + 1 WHERE id = $1", house.host);
  auto visit = given_visit(tx, house);
  app::check_in(work("09:00"), visit);
  BOOST_TEST(route("09:00") == 0);
  tx.exec("UPDATE host SET email = 'host@example.org', version = version + 1 WHERE id = $1", house.host);
  settings.alerts.tell_hosts = false;
  app::check_out(work("09:10"), visit);
  BOOST_TEST(route("09:10") == 0);
}

BOOST_AUTO_TEST_CASE(who_did_not_come_is_told_in_the_morning) {
  const auto visit = given_visit(tx, house);
  const auto midnight = today_at("00:00") + 24h;
  const app::Work then{tx, actor, midnight + 1min, settings, domain::Scope::everything()};
  BOOST_TEST(app::mark_no_shows(then) >= 1);
  app::route_alerts(then);
  BOOST_TEST(told(visit) == std::vector<std::string>{"guest_no_show email host@example.org"},
             boost::test_tools::per_element());
  BOOST_TEST(
      (store::Alerts{tx, domain::Scope::everything()}.about(visit, {})[0].deliveries[0].due_at == midnight + 8h));
}

BOOST_AUTO_TEST_CASE(what_happened_longer_ago_than_the_live_window_is_no_news) {
  auto visit =
      store::Visits{tx, domain::Scope::everything()}.get(given_visit_in_the_building(tx, house, today_at("08:00")));
  auto before = visit;
  before.state = {};
  const app::Refolded::Change change{before, visit};
  app::queue_guest_news(work("08:05"), std::span{&change, 1});
  BOOST_TEST(route("08:05") == 1);
  tx.exec("DELETE FROM delivery d USING alert a WHERE a.id = d.alert_id AND a.visit_id = $1", visit.id);
  tx.exec("DELETE FROM alert WHERE visit_id = $1", visit.id);
  app::queue_guest_news({tx, actor, today_at("08:05") + 1s, settings, domain::Scope::everything()},
                        std::span{&change, 1});
  BOOST_TEST(app::route_alerts(work("08:06")) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct DigestsFixture : RoutingFixture {
  DigestsFixture() {
    settings.routes[0].match.kinds = {"daily_summary", "weekly_report"};
    settings.routes[0].match.sites = {store::Sites{tx, domain::Scope::everything()}.get(house.site).name};
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(digest_use_cases, DigestsFixture)

BOOST_AUTO_TEST_CASE(the_daily_summary_is_queued_once_a_day_from_six_in_the_evening_on) {
  const auto of_site = [&] {
    return tx.row("SELECT count(*) AS n FROM alert WHERE kind = 'daily_summary' AND site_id = $1", house.site)
        .get<std::int64_t>("n");
  };
  app::queue_digests({tx, actor, today_at("18:00") - 1s, settings, domain::Scope::everything()});
  BOOST_TEST(of_site() == 0);
  app::queue_digests(work("18:00"));
  app::queue_digests(work("18:01"));
  BOOST_TEST(of_site() == 1);
  app::queue_digests({tx, actor, today_at("18:00") + 24h, settings, domain::Scope::everything()});
  BOOST_TEST(of_site() == 2);
  route("18:01");
}

BOOST_AUTO_TEST_CASE(it_counts_today_and_yesterday_of_its_site) {
  given_visit_in_the_building(tx, house, today_at("08:00"));
  given_incident();
  const auto digest = app::make_digest(work("18:00"), store::Sites{tx, domain::Scope::everything()}.get(house.site),
                                       app::DigestKind::daily);
  BOOST_TEST(digest.current.arrivals == 1);
  BOOST_TEST(digest.current.incidents == 1);
  BOOST_TEST(digest.current.open == 1);
  BOOST_TEST(digest.inside == 1);
  BOOST_TEST(digest.previous.arrivals == 0);
  const app::Work tomorrow{tx, actor, today_at("18:00") + 24h, settings, domain::Scope::everything()};
  const auto next =
      app::make_digest(tomorrow, store::Sites{tx, domain::Scope::everything()}.get(house.site), app::DigestKind::daily);
  BOOST_TEST(next.previous.arrivals == 1);
  BOOST_TEST(next.current.arrivals == 0);
}

BOOST_AUTO_TEST_CASE(the_weekly_report_is_due_on_its_day_for_a_day) {
  const auto utc = Zone::utc();
  const auto due = [&](Instant at) { return app::digest_due(settings, app::DigestKind::weekly, utc, at); };
  // 2026-09-07 is a Monday.
  const auto monday = today_at("09:00") + 6 * 24h;
  BOOST_TEST(!due(monday - 1s).has_value());
  BOOST_TEST((due(monday) == monday));
  BOOST_TEST((due(monday + 24h - 1s) == monday));
  BOOST_TEST(!due(monday + 24h).has_value());
  settings.alerts.weekly_report_day = "sunday";
  BOOST_TEST((due(monday - 24h) == monday - 24h));
}

BOOST_AUTO_TEST_CASE(a_digest_on_demand_goes_to_the_route_or_to_those_who_are_named) {
  const auto site = store::Sites{tx, domain::Scope::everything()}.get(house.site);
  auto sent = app::send_digest(work(), site, app::DigestKind::daily, {});
  BOOST_REQUIRE(sent.to.size() == 1U);
  BOOST_TEST(sent.to[0].recipient == "duty");
  BOOST_TEST(sent.message.subject.starts_with("Сводка за день"));
  sent = app::send_digest(work(), site, app::DigestKind::weekly, {"chief"});
  BOOST_TEST(sent.to[0].recipient == "chief");
  BOOST_TEST(sent.to[0].reason == "asked for by reception");
  BOOST_CHECK_EXCEPTION(app::send_digest(work(), site, app::DigestKind::weekly, {"chef"}), Error,
                        has_code(Errc::not_found));
  settings.routes.clear();
  BOOST_CHECK_EXCEPTION(app::send_digest(work(), site, app::DigestKind::daily, {}), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()
