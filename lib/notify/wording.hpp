#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/zone.hpp"
#include "domain/figures.hpp"
#include "domain/incident.hpp"
#include "notify/message.hpp"

/// Writes what a recipient reads, from what is known when the message is made. Pure: the kind, the language and the
/// severity stand in the message already; these fill in subject, facts and text. Names are taken as they are.
namespace visitor::notify {

/// An incident as a message tells it. Texts may be empty: then there is no such thing.
struct IncidentTold {
  domain::IncidentType type = domain::IncidentType::other;
  domain::IncidentStatus status = domain::IncidentStatus::fresh;
  bool late = false;
  bool reminder = false;  ///< told before, and still open
  Instant occurred_at;
  Instant detected_at;
  Instant last_seen_at;
  int seen_count = 1;
  std::string summary;  ///< as stored, for what a person reported
  std::string details;  ///< figures as JSON
  std::string guest;
  std::string host;
  std::string department;
  std::string assigned_to;
  std::string ended_by;
  std::string note;  ///< of who ended it, or took it on
};

/// For incident_opened, incident_updated, incident_ended and incident_escalated: type, severity, status, time, guest,
/// host, department, visit; the description is the text.
void word_incident(Message& message, const IncidentTold& told, const Zone& zone);

/// A visit as a message tells it.
struct VisitTold {
  std::optional<Instant> at;  ///< of the arrival or departure
  Instant expected_from;
  Instant expected_until;
  std::string guest;
  std::string company;
  std::string host;
  std::string department;
};

/// For guest_arrived, guest_left and guest_no_show.
void word_visit(Message& message, const VisitTold& told, const Zone& zone);

/// What one message tells instead of many.
struct StormTold {
  struct Count {
    domain::Severity severity = domain::Severity::medium;
    domain::AlertKind kind = domain::AlertKind::incident_opened;
    std::optional<domain::IncidentType> type = {};  ///< nothing: it is of no incident
    std::int64_t count = 0;
  };
  std::vector<Count> counts;
  struct Line {
    IncidentId incident;
    domain::IncidentType type = domain::IncidentType::other;
    domain::Severity severity = domain::Severity::medium;
    Instant at;
  };
  std::vector<Line> first;  ///< the gravest, the oldest first; the others are only counted
  Instant from, until;
};

void word_storm(Message& message, const StormTold& told, const Zone& zone);

/// The figures of one day or week.
struct DigestPart {
  std::int64_t arrivals = 0;
  std::int64_t departures = 0;
  std::int64_t presumed = 0;
  std::int64_t no_shows = 0;
  std::int64_t cancelled = 0;
  std::int64_t incidents = 0;
  std::int64_t open = 0;                                              ///< of these incidents
  std::vector<std::pair<domain::IncidentType, std::int64_t>> types;   ///< without zeros
  std::vector<std::pair<domain::Severity, std::int64_t>> severities;  ///< without zeros

  bool operator==(const DigestPart&) const = default;
};

struct Digest {
  std::string site;
  Instant at;    ///< until when it counts
  Instant from;  ///< of the week
  std::int64_t inside = 0;
  std::int64_t awaited = 0;
  DigestPart current;   ///< today so far; or the week
  DigestPart previous;  ///< yesterday; or the week before

  bool operator==(const Digest&) const = default;
};

/// For daily_summary and weekly_report.
void word_digest(Message& message, const Digest& digest, const Zone& zone);

/// How a digest is kept until it is sent: what it says does not change any more.
domain::Figures to_figures(const Digest& digest);
/// What to_figures() made; what is missing is nought.
Digest digest_of(const domain::Figures& figures);

/// For test and canary.
void word_check(Message& message);

}  // namespace visitor::notify
