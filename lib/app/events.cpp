#include "app/events.hpp"

#include <fmt/format.h>

namespace visitor::app {
namespace {

constexpr std::chrono::seconds kSettled{30};  // the longest that a transaction storing events takes
constexpr int kAtOnce = 1000;

}  // namespace

std::vector<EventListed> list_events(const Work& work, const EventFilter& filter) {
  return store::Events{work.tx}.list(filter);
}

EventListed get_event(const Work& work, EventId id) {
  if (auto event = store::Events{work.tx}.find(id)) return *std::move(event);
  throw Error(Errc::not_found, fmt::format("event {} does not exist", id), "Run 'visitorctl event list' to see them.");
}

EventTail::EventTail(const Work& work, EventFilter filter)
    : filter_(std::move(filter)), floor_(store::Events{work.tx}.newest()) {}

std::vector<EventListed> EventTail::poll(const Work& work) {
  store::Events events{work.tx};
  std::vector<EventListed> fresh;
  filter_.before.reset();
  filter_.limit = kAtOnce;

  // Everything up to `floor_` is done with; above it, what was handed out is stepped over.
  EventId at = floor_;
  bool settled = true;  // so far, all that was read is too old for anything to appear before it
  while (fresh.size() < kAtOnce) {
    const auto page = events.after(at, filter_);
    for (const auto& listed : page) {
      const auto id = listed.event.id;
      at = id;
      if (seen_.insert(id).second) fresh.push_back(listed);
      settled = settled && listed.event.received_at < work.now - kSettled;
      if (settled) floor_ = id;
      if (fresh.size() == kAtOnce) break;
    }
    if (page.size() < kAtOnce) break;
  }
  seen_.erase(seen_.begin(), seen_.upper_bound(floor_));
  return fresh;
}

}  // namespace visitor::app
