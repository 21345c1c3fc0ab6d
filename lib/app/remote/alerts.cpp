#include "app/remote/alerts.hpp"

#include <fmt/format.h>

#include "app/remote/json_object.hpp"
#include "domain/language.hpp"

namespace visitor::app {
namespace {

domain::Alert alert_in(const JsonObject& json) {
  domain::Alert alert;
  alert.id = json.id<AlertId>("id");
  alert.kind = json.named<domain::AlertKind>("kind");
  alert.severity = json.named<domain::Severity>("severity");
  alert.incident = json.maybe_id<IncidentId>("incident_id");
  alert.visit = json.maybe_id<VisitId>("visit_id");
  alert.summary = json.text("summary");
  alert.created_at = json.instant("created_at");
  return alert;
}

domain::Delivery delivery_in(const JsonObject& json, AlertId alert) {
  domain::Delivery delivery;
  delivery.id = json.id<DeliveryId>("id");
  delivery.alert = alert;
  delivery.channel = json.named<domain::Channel>("channel");
  delivery.recipient = json.text("recipient");
  delivery.state = json.named<domain::DeliveryState>("state");
  delivery.language = json.named<domain::Language>("language");
  delivery.reason = json.text("reason");
  delivery.withheld_reason = json.text("withheld_reason");
  delivery.attempts = json.integer("attempts");
  delivery.due_at = json.instant("due_at");
  delivery.next_attempt_at = json.maybe_instant("next_attempt_at").value_or(Instant{});
  delivery.sent_at = json.maybe_instant("sent_at");
  delivery.provider_id = json.text("provider_id");
  delivery.last_error = json.text("last_error");
  delivery.acknowledged_at = json.maybe_instant("acknowledged_at");
  delivery.acknowledged_by = json.text("acknowledged_by");
  return delivery;
}

domain::Attempt attempt_in(const JsonObject& json, DeliveryId delivery) {
  domain::Attempt attempt;
  attempt.delivery = delivery;
  attempt.number = json.integer("number");
  attempt.outcome = json.named<domain::AttemptOutcome>("outcome");
  attempt.started_at = json.instant("started_at");
  attempt.ended_at = json.maybe_instant("ended_at");
  attempt.provider_id = json.text("provider_id");
  attempt.reason = json.text("reason");
  attempt.holder = json.text("holder");
  return attempt;
}

SilenceListed silence_in(const JsonObject& json) {
  SilenceListed listed;
  auto& silence = listed.silence;
  silence.id = json.id<SilenceId>("id");
  silence.types = json.all_named<domain::IncidentType>("types");
  silence.at_most = json.maybe_named<domain::Severity>("at_most");
  silence.site = json.named_thing<SiteId>("site", listed.site_name);
  silence.department = json.named_thing<DepartmentId>("department", listed.department_name);
  silence.guest = json.named_thing<GuestId>("guest", listed.guest_name);
  silence.terminal = json.named_thing<TerminalId>("terminal", listed.terminal_name);
  silence.incident = json.maybe_id<IncidentId>("incident_id");
  silence.recipient = json.text("recipient");
  silence.reason = json.text("reason");
  listed.login = json.text("author");
  listed.created_at = json.instant("created_at");
  silence.starts_at = json.instant("starts_at");
  silence.ends_at = json.instant("ends_at");
  listed.expired_by = json.text("expired_by");
  listed.version = json.integer("version");
  return listed;
}

}  // namespace

std::vector<AlertSent> list_alerts(RemoteHouse& house, const AlertFilter& filter) {
  Query query;
  query.add_named("state", filter.states).add_named("channel", filter.channels).add("incident", filter.incident);
  query.add("created_after", filter.since).add("created_before", filter.until);
  std::vector<AlertSent> alerts;
  for (const auto& row : house.list("/alerts/", query, static_cast<std::size_t>(filter.limit))) {
    const JsonObject json{row};
    AlertSent sent{alert_in(json), {}};
    for (const auto& one : json.objects("deliveries")) sent.deliveries.push_back(delivery_in(one, sent.alert.id));
    alerts.push_back(std::move(sent));
  }
  return alerts;
}

AlertLedger get_alert(RemoteHouse& house, AlertId id) {
  const auto body = house.get(fmt::format("/alerts/{}/", id));
  const JsonObject json{body};
  AlertLedger ledger{alert_in(json), {}, {}};
  for (const auto& one : json.objects("deliveries")) {
    ledger.deliveries.push_back(delivery_in(one, id));
    for (const auto& attempt : one.objects("tries"))
      ledger.attempts.push_back(attempt_in(attempt, ledger.deliveries.back().id));
  }
  return ledger;
}

std::vector<SilenceListed> list_silences(RemoteHouse& house, bool all, int limit) {
  std::vector<SilenceListed> silences;
  for (const auto& row : house.list("/silences/", Query{}.add_flag("all", all), static_cast<std::size_t>(limit)))
    silences.push_back(silence_in(JsonObject{row}));
  return silences;
}

SilenceListed add_silence(RemoteHouse& house, const domain::Silence& silence) {
  JsonWriter json;
  json.begin_object().key("types").begin_array();
  for (const auto type : silence.types) json.value(domain::name(type));
  json.end();
  if (silence.at_most) json.member("at_most", domain::name(*silence.at_most));
  if (silence.site) json.member("site", *silence.site);
  if (silence.department) json.member("department", *silence.department);
  if (silence.guest) json.member("guest", *silence.guest);
  if (silence.terminal) json.member("terminal", *silence.terminal);
  if (silence.incident) json.member("incident", *silence.incident);
  if (!silence.recipient.empty()) json.member("recipient", std::string_view{silence.recipient});
  json.member("reason", std::string_view{silence.reason}).member("ends_at", silence.ends_at);
  const auto body = house.post("/silences/", json.end().take());
  return silence_in(JsonObject{body});
}

SilencePreview preview_silence(RemoteHouse& house, const domain::Silence& silence, Instant since) {
  Query query;
  query.add_named("types", silence.types).add("site", silence.site).add("department", silence.department);
  if (silence.at_most) query.add("at_most", domain::name(*silence.at_most));
  query.add("guest", silence.guest).add("terminal", silence.terminal).add("incident", silence.incident);
  query.add("recipient", silence.recipient).add("since", std::optional{since});
  const auto body = house.get("/silences/preview/", query);
  const JsonObject json{body};
  SilencePreview preview;
  preview.total = json.integer("total");
  for (const auto& one : json.objects("alerts"))
    preview.alerts.push_back({one.id<AlertId>("id"), one.instant("created_at"), one.maybe_id<IncidentId>("incident_id"),
                              one.named<domain::IncidentType>("type"), one.named<domain::Severity>("severity")});
  return preview;
}

SilenceListed expire_silence(RemoteHouse& house, SilenceId id) {
  const auto body = house.post(fmt::format("/silences/{}/expire/", id));
  return silence_in(JsonObject{body});
}

}  // namespace visitor::app
