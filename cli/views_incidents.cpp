#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

void write_members(JsonWriter& json, const app::IncidentListed& listed) {
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

std::string subject_of(const app::IncidentListed& listed) {
  return listed.guest_name.empty() ? listed.terminal_name : listed.guest_name;
}

}  // namespace

void write(JsonWriter& json, const app::IncidentListed& listed) {
  json.begin_object();
  write_members(json, listed);
  json.end();
}

void write(JsonWriter& json, const app::IncidentDetails& details) {
  json.begin_object();
  write_members(json, details.listed);
  json.key("history").begin_array();
  for (const auto& step : details.history) write(json, step);
  json.end().end();
}

void write(JsonWriter& json, const app::IncidentStep& step) {
  json.begin_object().member("at", step.at).member("what", step.what).member("status", domain::name(step.status));
  json.text_member("login", step.login).text_member("note", step.note).end();
}

void write(JsonWriter& json, const app::Overview& overview) {
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

Table incident_table(const std::vector<app::IncidentListed>& rows, Instant now) {
  Table table{{{"ID", Column::Align::right},
               {"Detected"},
               {"Severity"},
               {"Status"},
               {"Type", {}, Column::Fit::give},
               {"About", {}, Column::Fit::give},
               {"Summary", {}, Column::Fit::give},
               {"Seen", Column::Align::right},
               {"Assigned to", {}, Column::Fit::give}}};
  for (const auto& row : rows)
    table.add({row.incident.id, short_time_cell(row.incident.detected_at, now, row.time_zone),
               severity_cell(row.incident.severity), status_cell(row.incident.status),
               std::string{domain::name(row.incident.type)}, subject_of(row), row.incident.summary,
               fmt::to_string(row.incident.seen_count), row.assigned_login});
  return table;
}

Table history_table(const app::IncidentDetails& details) {
  Table table{{{"Time"}, {"Step"}, {"Status"}, {"By", {}, Column::Fit::give}, {"Note", {}, Column::Fit::give}}};
  for (const auto& step : details.history)
    table.add({precise_time_cell(step.at, details.listed.time_zone), step.what, status_cell(step.status), step.login,
               step.note});
  return table;
}

Card card_of(const app::IncidentDetails& details) {
  const auto& [listed, history] = details;
  const auto& incident = listed.incident;
  const auto& zone = listed.time_zone;
  Card card;
  card.add("Incident", incident.id);
  card.add("Type", std::string{domain::name(incident.type)});
  card.add("Severity", severity_cell(incident.severity));
  card.add("Status", status_cell(incident.status));
  card.add("Summary", incident.summary);
  card.add("Site", listed.site_name);
  card.add("Guest", incident.guest ? fmt::format("{} (guest {})", listed.guest_name, *incident.guest) : "");
  card.add("Visit", incident.visit ? Cell{*incident.visit} : "");
  card.add("Host", listed.host_name);
  card.add("Department", listed.department_name);
  card.add("Terminal", listed.terminal_name);
  card.add("Event", incident.event ? Cell{*incident.event} : "");
  card.add("Happened", precise_time_cell(incident.occurred_at, zone));
  card.add("Detected", precise_time_cell(incident.detected_at, zone));
  card.add("Late", incident.late ? "yes: the events arrived long after they happened" : "");
  card.add("Seen", fmt::format("{} times, last {}", incident.seen_count, time_cell(incident.last_seen_at, zone).text));
  card.add("Assigned to", listed.assigned_login);
  card.add("Ended", precise_time_cell(incident.ended_at, zone));
  card.add("Details", incident.details == "{}" ? "" : incident.details);
  for (const auto& step : history) {
    auto line = fmt::format("{} {}", time_cell(step.at, zone).text, step.what);
    if (!step.login.empty()) line += " by " + step.login;
    if (!step.note.empty()) line += ": " + step.note;
    card.add("History", line);
  }
  return card;
}

}  // namespace visitor::cli
