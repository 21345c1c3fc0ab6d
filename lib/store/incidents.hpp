#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/incident.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// An incident with the names that people know it by. Empty where there is no such thing.
struct IncidentListed {
  domain::Incident incident;
  std::string guest_name;
  std::string host_name;
  std::string department_name;
  std::string terminal_name;
  std::string site_name;
  std::string time_zone;  ///< of the site; UTC where there is none
  std::string assigned_login;
};

struct IncidentStep {
  std::int64_t id = 0;
  Instant at;
  domain::IncidentStatus status = domain::IncidentStatus::fresh;  ///< from here on
  std::string what;   ///< opened, assigned, commented, resolved, false_alarm, reopened
  std::string login;  ///< who; empty where nobody did
  std::string note;
};

struct IncidentPosition {
  Instant detected_at;
  IncidentId id;
};

struct IncidentFilter {
  std::vector<domain::IncidentStatus> statuses;  ///< any of these; empty: all
  std::vector<domain::Severity> severities;      ///< any of these; empty: all
  std::vector<domain::IncidentType> types;       ///< any of these; empty: all
  std::optional<SiteId> site;
  std::optional<DepartmentId> department;  ///< of the visit
  std::optional<HostId> host;              ///< of the visit
  std::optional<GuestId> guest;
  std::optional<VisitId> visit;
  std::optional<TerminalId> terminal;
  std::optional<Instant> since;            ///< detected_at at or after
  std::optional<Instant> until;            ///< detected_at before
  std::string text;                        ///< somewhere in the summary or the guest's name; empty: any
  std::optional<IncidentPosition> before;  ///< only what comes after this one in the list
  bool oldest_first = false;
  int limit = 100;
  int offset = 0;  ///< so many are left out
};

/// A finding on its way in.
struct Sighting {
  domain::Finding finding;
  bool late = false;             ///< found in events that arrived more than live_window after they happened
  std::optional<EventId> event;  ///< the stored row of finding.event
};

/// What became of a sighting.
struct Sighted {
  domain::Incident incident;  ///< as it is now
  bool opened = false;        ///< it was opened by this; once per incident, however many sightings the batch has
};

class Incidents {
 public:
  Incidents(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// "<type>/<subject>".
  static std::string dedupe_key(const domain::Finding& finding);

  /// Opens an incident for each sighting, or counts it on the open one with the same dedupe key, and writes the history
  /// of what was opened. One statement for all; racing transactions agree on one incident.
  /// \param by  who reports it; nothing: a rule
  /// \returns one element per sighting
  std::vector<Sighted> open_or_touch(std::span<const Sighting> sightings, Instant now,
                                     std::optional<AccountId> by = std::nullopt);

  /// The newest incident, open or ended, of each of these dedupe keys: lets a rule on a timer see that a person has
  /// dealt with a condition that still holds.
  std::vector<domain::Incident> newest(std::span<const std::string> dedupe_keys);

  /// How many there are of each type that has any.
  struct Count {
    domain::IncidentType type = domain::IncidentType::other;
    int open = 0;
    int recent = 0;  ///< detected at or after \p since
  };
  std::vector<Count> counts(Instant since);

  std::optional<domain::Incident> find(IncidentId id);
  std::optional<IncidentListed> find_listed(IncidentId id);
  /// \throws Error not_found
  domain::Incident get(IncidentId id);
  /// Newest first, then highest number; with oldest_first the other way round.
  std::vector<IncidentListed> list(const IncidentFilter& filter = {});
  /// How many list() has, its position, limit and offset aside.
  std::int64_t count(const IncidentFilter& filter);
  /// Oldest first.
  std::vector<IncidentStep> history(IncidentId id);

  /// Each of these writes a history row and moves the version on by one.
  /// \param expected  the version that the caller saw
  /// \returns the incident as it is now
  /// \throws Error conflict  its version is another one by now, or its status does not allow the step
  domain::Incident comment(IncidentId id, int expected, AccountId by, const std::string& note, Instant now);
  domain::Incident resolve(IncidentId id, int expected, AccountId by, const std::string& note, Instant now);
  domain::Incident false_alarm(IncidentId id, int expected, AccountId by, const std::string& note, Instant now);
  /// Also moves a new one to investigating.
  domain::Incident assign(IncidentId id, int expected, AccountId to, AccountId by, const std::string& note,
                          Instant now);
  /// \throws Error conflict  also where another incident of the same subject is open
  domain::Incident reopen(IncidentId id, int expected, AccountId by, const std::string& note, Instant now);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
