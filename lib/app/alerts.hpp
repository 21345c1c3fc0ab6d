#pragma once

#include "app/work.hpp"
#include "domain/incident.hpp"

namespace visitor::app {

/// Puts an alert and its deliveries into the outbox, which app/dispatch.hpp works off. Called in the transaction of what
/// it tells.
AlertId queue_alert(const Work& work, const domain::Incident& incident);

}  // namespace visitor::app
