#include "app/json_silences.hpp"
#include "app/json_views.hpp"

namespace visitor::app {
namespace {

void write_members(JsonWriter& json, const domain::Alert& alert) {
  json.member("id", alert.id).member("kind", domain::name(alert.kind));
  json.member("severity", domain::name(alert.severity)).member("incident_id", alert.incident);
  json.member("visit_id", alert.visit).member("summary", alert.summary).member("created_at", alert.created_at);
}

void write_members(JsonWriter& json, const domain::Delivery& delivery) {
  json.member("id", delivery.id).member("channel", domain::name(delivery.channel));
  json.text_member("recipient", delivery.recipient).member("state", domain::name(delivery.state));
  json.member("language", domain::name(delivery.language)).text_member("reason", delivery.reason);
  json.text_member("withheld_reason", delivery.withheld_reason).member("attempts", delivery.attempts);
  json.member("due_at", delivery.due_at).member("next_attempt_at", delivery.next_attempt_at);
  json.member("sent_at", delivery.sent_at).text_member("provider_id", delivery.provider_id);
  json.text_member("last_error", delivery.last_error).member("acknowledged_at", delivery.acknowledged_at);
  json.text_member("acknowledged_by", delivery.acknowledged_by);
}

void write_attempt(JsonWriter& json, const domain::Attempt& attempt) {
  json.begin_object().member("number", attempt.number).member("outcome", domain::name(attempt.outcome));
  json.member("started_at", attempt.started_at).member("ended_at", attempt.ended_at);
  json.text_member("provider_id", attempt.provider_id).text_member("reason", attempt.reason);
  json.member("holder", attempt.holder).end();
}

}  // namespace

void write(JsonWriter& json, const AlertSent& sent) {
  json.begin_object();
  write_members(json, sent.alert);
  json.key("deliveries").begin_array();
  for (const auto& delivery : sent.deliveries) {
    json.begin_object();
    write_members(json, delivery);
    json.end();
  }
  json.end().end();
}

void write(JsonWriter& json, const AlertLedger& ledger) {
  json.begin_object();
  write_members(json, ledger.alert);
  json.key("deliveries").begin_array();
  for (const auto& delivery : ledger.deliveries) {
    json.begin_object();
    write_members(json, delivery);
    json.key("tries").begin_array();
    for (const auto& attempt : ledger.attempts)
      if (attempt.delivery == delivery.id) write_attempt(json, attempt);
    json.end().end();
  }
  json.end().end();
}

void write_members(JsonWriter& json, const SilenceListed& listed) {
  const auto& silence = listed.silence;
  json.member("id", silence.id).member("what", std::string_view{describe(listed)}).key("types").begin_array();
  for (const auto type : silence.types) json.value(domain::name(type));
  json.end().key("at_most");
  if (silence.at_most)
    json.value(domain::name(*silence.at_most));
  else
    json.null();
  write_named(json, "site", silence.site, listed.site_name);
  write_named(json, "department", silence.department, listed.department_name);
  write_named(json, "guest", silence.guest, listed.guest_name);
  write_named(json, "terminal", silence.terminal, listed.terminal_name);
  json.member("incident_id", silence.incident).text_member("recipient", silence.recipient);
  json.member("reason", std::string_view{silence.reason}).member("author", std::string_view{listed.login});
  json.member("created_at", listed.created_at).member("starts_at", silence.starts_at);
  json.member("ends_at", silence.ends_at).text_member("expired_by", listed.expired_by);
  json.member("version", listed.version);
}

void write(JsonWriter& json, const SilenceListed& listed) {
  json.begin_object();
  write_members(json, listed);
  json.end();
}

void write(JsonWriter& json, const SilencePreview& preview) {
  json.begin_object().member("total", preview.total).key("alerts").begin_array();
  for (const auto& one : preview.alerts)
    json.begin_object()
        .member("id", one.alert)
        .member("created_at", one.at)
        .member("incident_id", one.incident)
        .member("type", domain::name(one.type))
        .member("severity", domain::name(one.severity))
        .end();
  json.end().end();
}

}  // namespace visitor::app
