#pragma once

#include <span>

#include "app/work.hpp"
#include "domain/incident.hpp"
#include "notify/channel.hpp"

namespace visitor::app {

/// Puts an alert and its deliveries into the outbox. Called in the transaction of what it tells.
AlertId queue_alert(const Work& work, const domain::Incident& incident);

struct DeliveryRound {
  int sent = 0;
  int deferred = 0;
  int failed = 0;
};

/// Claims due deliveries (SKIP LOCKED), hands each to its channel, and marks it sent only after the channel said so.
///
/// At least once: where the transaction is lost after a channel took a message, the message goes out again. A delivery
/// fails for good when the channel refuses it, when no channel of that name is there, or after kMaxAttempts.
/// \param limit  at most so many in this round
DeliveryRound send_due_alerts(const Work& work, int limit, std::span<notify::Channel* const> channels);
/// With the channels that this program has: the log.
DeliveryRound send_due_alerts(const Work& work, int limit);

inline constexpr int kMaxAttempts = 20;

}  // namespace visitor::app
