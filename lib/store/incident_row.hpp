#pragma once

#include <string>

#include "db/row.hpp"
#include "domain/incident.hpp"
#include "store/words.hpp"

/// How an incident comes out of SQL. For the stores only.
namespace visitor::store {

/// Of `incident i`.
inline constexpr auto kIncidentColumns = R"sql(
           i.id, i.type, i.severity, i.status, i.dedupe_key, i.late, i.site_id, i.guest_id, i.visit_id, i.terminal_id,
           i.event_id, i.summary, i.details, i.occurred_at, i.detected_at, i.last_seen_at, i.seen_count, i.assigned_to,
           i.ended_at, i.version)sql";

inline domain::Incident to_incident(const db::Row& row) {
  domain::Incident incident;
  incident.id = row.get<IncidentId>("id");
  incident.type = read_word<domain::IncidentType>(row, "type");
  incident.severity = read_word<domain::Severity>(row, "severity");
  incident.status = read_word<domain::IncidentStatus>(row, "status");
  incident.dedupe_key = row.get<std::string>("dedupe_key");
  incident.late = row.get<bool>("late");
  incident.site = row.get<std::optional<SiteId>>("site_id");
  incident.guest = row.get<std::optional<GuestId>>("guest_id");
  incident.visit = row.get<std::optional<VisitId>>("visit_id");
  incident.terminal = row.get<std::optional<TerminalId>>("terminal_id");
  incident.event = row.get<std::optional<EventId>>("event_id");
  incident.summary = row.get<std::string>("summary");
  incident.details = row.get<db::Json>("details").text;
  incident.occurred_at = row.get<Instant>("occurred_at");
  incident.detected_at = row.get<Instant>("detected_at");
  incident.last_seen_at = row.get<Instant>("last_seen_at");
  incident.seen_count = row.get<int>("seen_count");
  incident.assigned_to = row.get<std::optional<AccountId>>("assigned_to");
  incident.ended_at = row.get<std::optional<Instant>>("ended_at");
  incident.version = row.get<int>("version");
  return incident;
}

}  // namespace visitor::store
