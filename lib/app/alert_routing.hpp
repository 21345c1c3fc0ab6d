#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "domain/routing.hpp"
#include "store/alert_queue.hpp"

/// From an alert to those who get it.
namespace visitor::app {

/// Decides for the alerts that nobody has been chosen for, oldest first, and writes a delivery for each who gets one
/// and each who would have, with the reason. One of all daemons at a time; where another one is at it, nothing happens.
///
/// An alert whose terminal is out of reach waits until that is back, or the alert's own incident has ended.
/// \param limit  at most so many
/// \returns how many were decided on
int route_alerts(const Work& work, int limit = 500);

/// Queues the next step of each incident that nobody has answered in time, once each, and what reminds of it.
/// \returns how many alerts
int escalate(const Work& work);

/// What would come of an alert now, and why.
struct RouteTest {
  domain::AlertFacts facts;
  domain::Choice choice;
  std::vector<domain::Decision> decisions;  ///< one for each who is chosen
  std::vector<domain::Gathering> gatherings;
  /// Recipients of the configuration who get nothing, with the reason.
  std::vector<std::pair<std::string, std::string>> others;
  /// The incident of a terminal out of reach that it would wait for.
  std::optional<IncidentId> waits_for;
};
/// \throws Error not_found
RouteTest test_route(const Work& work, IncidentId incident);
/// Of an alert that was made.
RouteTest test_route(const Work& work, AlertId alert);
/// Of an incident that does not exist.
RouteTest test_route(const Work& work, const domain::AlertFacts& facts);

}  // namespace visitor::app
