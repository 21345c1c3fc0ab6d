#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/access_event.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class IncidentType {
  exit_without_entry,
  long_stay,
  overstay,
  suspicious_time,
  multiple_failed_access,
  repeated_exit_entry,
  entry_without_visit,
  blocked_guest,
  duress,
  door_forced,
  door_held,
  tamper,
  terminal_offline,
  event_gap,
  clock_drift,
  capacity,
  backup,  ///< found by nobody's rule: backups are not as they should be
  other
};

enum class Severity { low, medium, high, critical };

/// new and investigating are "open"; the others are ended.
enum class IncidentStatus { fresh, investigating, resolved, false_alarm };  // "new", …

struct Incident {
  IncidentId id;
  IncidentType type = IncidentType::other;
  Severity severity = Severity::medium;
  IncidentStatus status = IncidentStatus::fresh;
  std::string dedupe_key;  ///< type and subject; one open incident each
  bool late = false;       ///< found in events that arrived more than live_window after they happened
  std::optional<SiteId> site;
  std::optional<GuestId> guest;
  std::optional<VisitId> visit;
  std::optional<TerminalId> terminal;
  std::optional<EventId> event;
  std::string summary;  ///< one English sentence without a person's name; in other languages: domain::summary
  std::string details;  ///< JSON object: the figures behind the summary
  Instant occurred_at;
  Instant detected_at;
  Instant last_seen_at;
  int seen_count = 1;
  std::optional<AccountId> assigned_to;
  std::optional<Instant> ended_at;
  int version = 1;
};

inline bool is_open(IncidentStatus status) {
  return status == IncidentStatus::fresh || status == IncidentStatus::investigating;
}

/// What a rule says is wrong. Becomes an incident, or one more sighting of an open one with the same dedupe key.
struct Finding {
  IncidentType type = IncidentType::other;
  Severity severity = Severity::medium;
  std::string subject;  ///< "visit:42", "terminal:3", "card:00123@terminal:3"; the dedupe key is type + "/" + subject
  Instant occurred_at;
  std::optional<SiteId> site;
  std::optional<GuestId> guest;
  std::optional<VisitId> visit;
  std::optional<TerminalId> terminal;
  std::optional<EventKey> event;
  std::string summary;         ///< from the details, by domain::look
  std::string details = "{}";  ///< Figures as JSON
};

template <>
std::span<const Name<IncidentType>> names();
template <>
std::span<const Name<Severity>> names();
template <>
std::span<const Name<IncidentStatus>> names();

}  // namespace visitor::domain
