#include "app/remote/incidents.hpp"

#include <fmt/format.h>

#include "app/remote/json_object.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

IncidentListed incident_in(RemoteHouse& house, const JsonObject& json) {
  IncidentListed listed;
  auto& incident = listed.incident;
  incident.id = json.id<IncidentId>("id");
  incident.type = json.named<domain::IncidentType>("type");
  incident.severity = json.named<domain::Severity>("severity");
  incident.status = json.named<domain::IncidentStatus>("status");
  incident.summary = json.text("summary");
  incident.late = json.yes("late");
  incident.site = json.named_thing<SiteId>("site", listed.site_name);
  listed.time_zone = house.time_zone(incident.site);
  incident.guest = json.named_thing<GuestId>("guest", listed.guest_name);
  listed.host_name = json.text("host_name");
  listed.department_name = json.text("department_name");
  incident.visit = json.maybe_id<VisitId>("visit_id");
  incident.terminal = json.named_thing<TerminalId>("terminal", listed.terminal_name);
  incident.event = json.maybe_id<EventId>("event_id");
  incident.occurred_at = json.instant("occurred_at");
  incident.detected_at = json.instant("detected_at");
  incident.last_seen_at = json.instant("last_seen_at");
  incident.seen_count = json.integer("seen_count");
  listed.assigned_login = json.text("assigned_to");
  incident.ended_at = json.maybe_instant("ended_at");
  incident.details = json.raw("details");
  incident.version = json.integer("version");
  return listed;
}

IncidentDetails details_in(RemoteHouse& house, const std::string& body) {
  const JsonObject json{body};
  IncidentDetails details{incident_in(house, json), {}};
  for (const auto& one : json.objects("history")) {
    IncidentStep step;
    step.at = one.instant("at");
    step.what = one.text("what");
    step.status = one.named<domain::IncidentStatus>("status");
    step.login = one.text("login");
    step.note = one.text("note");
    details.history.push_back(std::move(step));
  }
  return details;
}

std::string_view word_of(IncidentMove move) {
  switch (move) {
    case IncidentMove::resolve:
      return "resolve";
    case IncidentMove::false_alarm:
      return "false-alarm";
    case IncidentMove::assign:
      return "assign";
    case IncidentMove::reopen:
      break;
  }
  return "reopen";
}

}  // namespace

std::vector<IncidentListed> list_incidents(RemoteHouse& house, const IncidentFilter& filter) {
  Query query;
  query.by_cursor().add_named("status", filter.statuses).add_named("severity", filter.severities);
  query.add_named("incident_type", filter.types).add("site", filter.site).add("guest", filter.guest);
  query.add("visit", filter.visit).add("terminal", filter.terminal);
  query.add("created_after", filter.since).add("created_before", filter.until);
  std::vector<IncidentListed> incidents;
  for (const auto& row : house.list("/incidents/", query, static_cast<std::size_t>(filter.limit)))
    incidents.push_back(incident_in(house, JsonObject{row}));
  return incidents;
}

IncidentDetails get_incident(RemoteHouse& house, IncidentId id) {
  return details_in(house, house.get(fmt::format("/incidents/{}/", id)));
}

IncidentListed open_incident(RemoteHouse& house, const NewIncident& incident) {
  JsonWriter json;
  json.begin_object().member("severity", domain::name(incident.severity));
  json.member("summary", std::string_view{incident.summary});
  if (incident.visit) json.member("visit", *incident.visit);
  if (incident.guest) json.member("guest", *incident.guest);
  if (incident.terminal) json.member("terminal", *incident.terminal);
  if (incident.site) json.member("site", *incident.site);
  if (incident.occurred_at) json.member("occurred_at", *incident.occurred_at);
  return details_in(house, house.post("/incidents/", json.end().take())).listed;
}

std::vector<IncidentListed> change_incidents(RemoteHouse& house, std::span<const IncidentId> ids,
                                             const IncidentAction& action) {
  if (ids.size() != 1)
    throw Error(Errc::usage, "several incidents cannot be changed together through the API",
                "Name one at a time, or run the command on the machine of visitord.");
  JsonWriter json;
  json.begin_object();
  if (!action.note.empty()) json.member("notes", std::string_view{action.note});
  if (action.login) json.member("login", std::string_view{*action.login});
  const auto path = fmt::format("/incidents/{}/{}/", ids.front(), word_of(action.move));
  return {details_in(house, house.post(path, json.end().take())).listed};
}

}  // namespace visitor::app
