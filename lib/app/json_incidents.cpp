#include "app/json_views.hpp"

namespace visitor::app {
namespace {

void write_members(JsonWriter& json, const IncidentListed& listed) {
  const auto& incident = listed.incident;
  json.member("id", incident.id).member("type", domain::name(incident.type));
  json.member("severity", domain::name(incident.severity)).member("status", domain::name(incident.status));
  json.member("summary", incident.summary).member("late", incident.late);
  write_named(json, "site", incident.site, listed.site_name);
  write_named(json, "guest", incident.guest, listed.guest_name);
  json.text_member("host_name", listed.host_name).text_member("department_name", listed.department_name);
  json.member("visit_id", incident.visit);
  write_named(json, "terminal", incident.terminal, listed.terminal_name);
  json.member("event_id", incident.event);
  json.member("occurred_at", incident.occurred_at).member("detected_at", incident.detected_at);
  json.member("last_seen_at", incident.last_seen_at).member("seen_count", incident.seen_count);
  json.text_member("assigned_to", listed.assigned_login).member("ended_at", incident.ended_at);
  json.key("details").raw(incident.details.empty() ? "{}" : incident.details).member("version", incident.version);
}

}  // namespace

void write(JsonWriter& json, const IncidentListed& listed) {
  json.begin_object();
  write_members(json, listed);
  json.end();
}

void write(JsonWriter& json, const IncidentDetails& details) {
  json.begin_object();
  write_members(json, details.listed);
  json.key("history").begin_array();
  for (const auto& step : details.history) write(json, step);
  json.end().end();
}

void write(JsonWriter& json, const IncidentStep& step) {
  json.begin_object().member("at", step.at).member("what", step.what).member("status", domain::name(step.status));
  json.text_member("login", step.login).text_member("note", step.note).end();
}

void write(JsonWriter& json, const Overview& overview) {
  json.begin_object();
  json.key("visits").begin_object();
  json.member("inside", overview.inside).member("awaiting_today", overview.awaiting_today);
  json.member("checked_in_today", overview.checked_in_today).member("checked_out_today", overview.checked_out_today);
  json.member("presumed_left_today", overview.presumed_left_today).end();
  json.key("open_incidents").begin_object().member("total", overview.open_incidents_total);
  for (const auto& row : domain::names<domain::Severity>())
    json.member(row.name, overview.open_incidents[static_cast<std::size_t>(row.value)]);
  json.end().key("terminals").begin_object();
  json.member("enabled", overview.terminals_enabled).member("disabled", overview.terminals_disabled);
  for (const auto& row : domain::names<domain::TerminalState>())
    json.member(row.name, overview.terminals[static_cast<std::size_t>(row.value)]);
  json.end().key("events").begin_object().member("total", overview.events_total).member("backlog", overview.backlog);
  json.member("last_event_at", overview.last_event_at).member("last_received_at", overview.last_received_at).end();
  json.key("outbox").begin_object().member("waiting", overview.outbox.waiting);
  json.member("failed", overview.outbox.failed).member("oldest", overview.outbox.oldest).end();
  json.member("cursor", overview.cursor.value).member("held_since", overview.held_since).end();
}

}  // namespace visitor::app
