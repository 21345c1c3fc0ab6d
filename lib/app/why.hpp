#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/incidents.hpp"
#include "app/visits.hpp"
#include "app/work.hpp"
#include "store/events.hpp"

/// Why what is stored is believed: from the raw events to the state, the incidents, and what people were told.
namespace visitor::app {

enum class LinkKind { registered, event, action, incident, step, alert, delivery };

/// One link of the chain.
struct Link {
  Instant at;                      ///< when it happened; of an event by the terminal's clock
  std::optional<Instant> learned;  ///< when it was received or written down, where that is another moment
  LinkKind kind = LinkKind::event;
  std::string what;    ///< "Came in", "Check-out", "Incident 7 opened: long_stay", …
  std::string source;  ///< door, serial number and epoch; person and command; timer; rule; channel
  std::string effect;  ///< what followed for the visit: "CHECKED_IN"; empty where nothing did
  // What it is in the database.
  std::optional<store::EventListed> event;
  std::string login;
  std::optional<IncidentId> incident;
  std::optional<AlertId> alert;
  std::optional<DeliveryId> delivery;
};

/// \throws Error not_found
struct WhyVisit {
  VisitListed visit;
  std::vector<Link> chain;    ///< in the order of happening
  domain::VisitState folded;  ///< what the facts give; the stored state where nothing was tampered with
  bool agrees() const { return folded == visit.visit.state; }
};
WhyVisit why_visit(const Work& work, VisitId id);

struct WhyIncident {
  IncidentListed incident;
  /// In the order of happening: where the incident is about a visit that visit's facts up to the incident, the events
  /// that the rule looked at, the incident and its steps, alerts and deliveries.
  std::vector<Link> chain;
};
/// \throws Error not_found
WhyIncident why_incident(const Work& work, IncidentId id);

}  // namespace visitor::app

namespace visitor::domain {
template <>
std::span<const Name<app::LinkKind>> names();
}  // namespace visitor::domain
