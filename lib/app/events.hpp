#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
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

/// Where somebody who follows the events stands: all up to change \c change are known, but of that change itself only
/// those up to \c event, where one is named.
struct EventCursor {
  ChangeId change;
  EventId event;
};
/// "118", or "118/4567" with an event.
std::string to_text(const EventCursor& cursor);
/// \returns nothing where \p text is no cursor
std::optional<EventCursor> parse_event_cursor(std::string_view text);

/// The change that all is known of: the one before where of cursor.change only some events are.
ChangeId change_before(const EventCursor& cursor);

/// Hands out each event once, in the order in which pages were committed: those of a terminal in the order of numbers.
///
/// Follows the change feed, whose rows say which events a page has brought; so what was committed later is handed out
/// later, and a position taken from one tail is good for another, in another program.
class EventTail {
 public:
  struct Told {
    EventListed listed;
    EventCursor cursor;  ///< with which the next event comes next
  };

  /// \param filter  before and limit are not looked at
  EventTail(EventFilter filter, EventCursor after);

  /// What is new, up to about 1,000 a call; in a transaction that sees one moment (repeatable read).
  /// \throws Error partial  some of it is gone; see require_kept()
  std::vector<Told> poll(const Work& work);

  /// All up to here has been handed out or left out by the filter.
  const EventCursor& cursor() const { return at_; }

 private:
  EventFilter filter_;
  EventCursor at_;
  std::map<TerminalId, EventId> done_;  // up to which event each terminal's are handed out, where that is known
};

}  // namespace visitor::app
