#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "store/events.hpp"

namespace visitor::app {

/// Something that happened to a visit.
struct VisitStep {
  Instant at;         ///< when it happened: the device's time of an event
  std::string kind;   ///< "registered", "edited", or the name of a domain::ActionKind or domain::StepKind
  std::string text;   ///< the same in English, with what changed: "Edited: host from '1' to '3'"
  std::string how;    ///< where it is known from: "event", or the name of a domain::ActionHow
  std::string login;  ///< who did it; empty for events
  std::string reason;
  std::optional<Instant> recorded_at;       ///< when it was written down, where that is another moment
  std::optional<store::EventListed> event;  ///< that moved the visit, or was counted
  std::string changed;   ///< JSON of an edit: {"host": {"from": "1", "to": "3"}}; empty for anything else
  bool refused = false;  ///< an action that the facts speak against: it made no difference
};

/// Every step of a visit, oldest first: its registration, edits, what people and timers did, and the events that belong
/// to it, which are found by folding the guest's facts again.
/// \throws Error not_found
std::vector<VisitStep> visit_steps(const Work& work, VisitId id);

}  // namespace visitor::app
