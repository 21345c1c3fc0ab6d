#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class Direction { entry, exit, none };

/// What an event code says, apart from who and where. The table (major, minor) → class is hikvision/event_codes.
enum class EventClass { granted, denied, door_state, alarm, operation, own_noise, exception, state, unknown };

/// Which alarm an event of class alarm is, where a rule speaks of it. Follows from (major, minor): app::alarm_of.
enum class AlarmKind { none, duress, door_forced, door_held, tamper };

/// Where the offset of an event's time came from.
enum class TimeSource {
  offset,    ///< the text had one
  utc,       ///< the text ended in Z
  terminal,  ///< the text had none; the terminal's own clock setting
  site,      ///< the text had none, nor the terminal; the configured zone of the site
  received   ///< the text was no time: occurred_at is when we received it, and the event moves nobody
};

/// What makes an event itself, however often it is delivered. \p epoch counts serial restarts of the terminal.
struct EventKey {
  TerminalId terminal;
  int epoch = 1;
  std::int64_t serial = 0;
  Instant occurred_at;
  int major = 0;
  int minor = 0;

  auto operator<=>(const EventKey&) const = default;
};

/// One stored row.
struct AccessEvent {
  EventId id;
  EventKey key;
  Instant received_at;
  std::string time_text;
  TimeSource time_source = TimeSource::offset;
  EventClass event_class = EventClass::unknown;
  Direction direction = Direction::none;
  int door_no = 0;    ///< 0: the terminal named none
  int reader_no = 0;  ///< 0: the terminal named none
  std::optional<std::string> employee_no;
  std::optional<std::string> card_no;
  std::optional<GuestId> guest;
  std::string raw;  ///< JSON as it came, minified
};

template <>
std::span<const Name<Direction>> names();
template <>
std::span<const Name<EventClass>> names();
template <>
std::span<const Name<TimeSource>> names();

}  // namespace visitor::domain
