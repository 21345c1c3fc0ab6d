#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/alert.hpp"

namespace visitor::store {

/// What a message needs to know of its alert beside incident and visit.
struct AlertNote {
  std::optional<SiteId> site;
  std::string details;             ///< figures as JSON
  std::optional<AlertId> follows;  ///< the first of a row of messages that this one belongs to
};

/// An incident that is told by a message which stands for many.
struct ToldIncident {
  IncidentId incident;
  domain::IncidentType type = domain::IncidentType::other;
  domain::Severity severity = domain::Severity::medium;
  Instant at;  ///< when it was alerted
};

struct ToldCount {
  domain::Severity severity = domain::Severity::medium;
  domain::AlertKind kind = domain::AlertKind::incident_opened;
  std::optional<domain::IncidentType> type;
  std::int64_t count = 0;
  Instant first, last;
};

/// Reads what compose() needs.
class AlertNotes {
 public:
  explicit AlertNotes(db::Transaction& tx) : tx_(tx) {}

  AlertNote get(AlertId id);

  /// The alerts that \p first, and those that follow it up to \p upto, tell one recipient instead.
  std::vector<ToldCount> counts(AlertId first, AlertId upto, domain::Channel channel, const std::string& recipient);
  /// The gravest, of these the oldest.
  std::vector<ToldIncident> gravest(AlertId first, AlertId upto, domain::Channel channel, const std::string& recipient,
                                    int limit);
  /// What the channel called the message of \p id to that recipient; empty where none was sent.
  std::string sent_as(AlertId id, domain::Channel channel, const std::string& recipient);
  /// The only alert that \p id tells, where it is the only one.
  std::optional<domain::Alert> only_one(AlertId id, domain::Channel channel, const std::string& recipient);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
