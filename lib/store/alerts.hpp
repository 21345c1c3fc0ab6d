#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/alert.hpp"

namespace visitor::store {

/// Where an alert is to go.
struct Address {
  domain::Channel channel = domain::Channel::log;
  std::string recipient;
};

/// A delivery that is due, with what it is to say.
struct DueDelivery {
  domain::Delivery delivery;
  domain::Alert alert;
};

/// An alert and what became of it.
struct AlertSent {
  domain::Alert alert;
  std::vector<domain::Delivery> deliveries;  ///< may be empty
};

struct Outbox {
  std::int64_t waiting = 0;
  std::int64_t failed = 0;
  std::optional<Instant> oldest;  ///< when the alert of the oldest waiting delivery was made
};

/// Alerts and their deliveries, which are the outbox.
class Alerts {
 public:
  explicit Alerts(db::Transaction& tx) : tx_(tx) {}

  /// \param alert      its id is not looked at
  /// \param addresses  one delivery each, due at once; duplicates count once
  AlertId queue(const domain::Alert& alert, std::span<const Address> addresses);

  /// Waiting deliveries that are due, oldest first, locked until the transaction ends; those that another daemon holds
  /// are skipped.
  std::vector<DueDelivery> claim_due(Instant now, int limit);

  /// Each of these counts an attempt.
  /// \param provider_id  what the other side calls the message, or empty
  void mark_sent(DeliveryId id, Instant now, const std::string& provider_id);
  void mark_deferred(DeliveryId id, Instant next_attempt_at, const std::string& error);
  void mark_failed(DeliveryId id, const std::string& error);

  Outbox outbox();
  /// Deliveries of one incident's alerts, oldest first.
  std::vector<DueDelivery> of(IncidentId incident);
  /// Alerts of a visit and of incidents, oldest first.
  std::vector<AlertSent> about(std::optional<VisitId> visit, std::span<const IncidentId> incidents);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
