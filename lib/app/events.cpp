#include "app/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/changes.hpp"
#include "core/text.hpp"
#include "store/journal.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kAtOnce = 1000;
constexpr int kChangesAtOnce = 200;

}  // namespace

std::vector<EventListed> list_events(const Work& work, const EventFilter& filter) {
  return store::Events{work.tx, work.scope}.list(filter);
}

EventListed get_event(const Work& work, EventId id) {
  if (auto event = store::Events{work.tx, work.scope}.find(id)) return *std::move(event);
  throw Error(Errc::not_found, fmt::format("event {} does not exist", id), "Run 'visitorctl event list' to see them.");
}

std::string to_text(const EventCursor& cursor) {
  return cursor.event ? fmt::format("{}/{}", cursor.change, cursor.event) : fmt::to_string(cursor.change.value);
}

std::optional<EventCursor> parse_event_cursor(std::string_view text) {
  const auto slash = text.find('/');
  const auto change = to_integer(text.substr(0, slash));
  if (!change || *change < 0) return std::nullopt;
  if (slash == std::string_view::npos) return EventCursor{ChangeId{*change}, {}};
  const auto event = to_integer(text.substr(slash + 1));
  if (!event || *event <= 0 || *change == 0) return std::nullopt;
  return EventCursor{ChangeId{*change}, EventId{*event}};
}

ChangeId change_before(const EventCursor& cursor) {
  return ChangeId{cursor.change.value - (cursor.event ? 1 : 0)};
}

EventTail::EventTail(EventFilter filter, EventCursor after) : filter_(std::move(filter)), at_(after) {}

std::vector<EventTail::Told> EventTail::poll(const Work& work) {
  store::Events events{work.tx, work.scope};
  store::JournalReader feed{work.tx};
  const std::array topics{std::string{store::topic::kEvent}};
  std::vector<Told> fresh;
  // Where something throws, all of this is read again.
  auto at = at_;
  auto done = done_;
  for (bool more = true; more && fresh.size() < kAtOnce;) {
    require_kept(work, change_before(at));
    const auto changes = feed.changes(change_before(at), kChangesAtOnce, topics);
    more = changes.size() == kChangesAtOnce;
    for (const auto& change : changes) {
      const TerminalId terminal{change.entity};
      const EventId last{change.version};
      if (!filter_.terminal || *filter_.terminal == terminal) {
        auto known = done.find(terminal);
        if (known == done.end()) known = done.emplace(terminal, feed.events_before(terminal, change.id)).first;
        if (change.id == at.change) known->second = std::max(known->second, at.event);
        for (auto& listed : events.between(terminal, known->second, last, filter_)) {
          const auto id = listed.event.id;
          fresh.push_back({std::move(listed), {change.id, id == last ? EventId{} : id}});
        }
        known->second = last;
      }
      at = {change.id, {}};
      more = more || fresh.size() >= kAtOnce;
      if (fresh.size() >= kAtOnce) break;
    }
    // Other topics have been passed by, too; trimming them is no loss.
    if (!more) at = {feed.cursor(), {}};
  }
  at_ = at;
  done_ = std::move(done);
  return fresh;
}

}  // namespace visitor::app
