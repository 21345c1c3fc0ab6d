#pragma once

#include <functional>
#include <string>

#include "app/work.hpp"
#include "domain/incident.hpp"

namespace visitor::app {

/// Puts an alert and its deliveries into the outbox. Called in the transaction of what it tells.
AlertId queue_alert(const Work& work, const domain::Incident& incident);

struct DeliveryRound {
  int sent = 0;
  int deferred = 0;
  int failed = 0;
};

/// Claims due deliveries (SKIP LOCKED), hands each to its channel, and marks it sent only after the channel said so.
/// \param limit  at most so many in this round
DeliveryRound send_due_alerts(const Work& work, int limit);

}  // namespace visitor::app
