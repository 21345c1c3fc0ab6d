#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

std::string subject_of(const app::IncidentListed& listed) {
  return listed.guest_name.empty() ? listed.terminal_name : listed.guest_name;
}

}  // namespace

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
