#pragma once

#include <set>
#include <vector>

#include "app/work.hpp"
#include "domain/access_event.hpp"
#include "store/events.hpp"

namespace visitor::app {

using store::EventFilter;
using store::EventListed;
using store::EventPosition;

/// Newest device time first.
std::vector<EventListed> list_events(const Work& work, const EventFilter& filter = {});
/// \throws Error not_found
EventListed get_event(const Work& work, EventId id);

/// Hands out each event that is stored from now on, once.
///
/// Numbers are given before the commit, so an event may appear behind one with a higher number: everything received
/// within the last 30 s is looked at again, and what was handed out is remembered for that long.
class EventTail {
 public:
  /// \param filter  before and limit are not looked at
  EventTail(const Work& work, EventFilter filter);

  /// What is new, in the order of numbers; up to 1,000 a call.
  std::vector<EventListed> poll(const Work& work);

 private:
  EventFilter filter_;
  EventId floor_;           // everything up to here was handed out or was there before
  std::set<EventId> seen_;  // above the floor
};

}  // namespace visitor::app
