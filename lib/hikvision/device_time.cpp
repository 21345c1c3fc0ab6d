#include "hikvision/device_time.hpp"

#include "core/text.hpp"
#include "hikvision/text_cursor.hpp"

namespace visitor::hikvision {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kFarthestOffset{18};

std::optional<std::chrono::local_days> read_date(TextCursor& cursor) {
  const auto year = cursor.number(4, 4);
  if (!year || !cursor.take('-')) return std::nullopt;
  const auto month = cursor.number(1, 2);
  if (!month || !cursor.take('-')) return std::nullopt;
  const auto day = cursor.number(1, 2);
  if (!day || *year < 1970 || *year > 2999) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::local_days{date};
}

/// Digits after the decimal sign as microseconds; what is finer is cut off.
microseconds read_fraction(TextCursor& cursor) {
  long value = 0;
  long unit = 100'000;
  while (const auto digit = cursor.number(1, 1)) {
    value += *digit * unit;
    unit /= 10;
  }
  return microseconds{value};
}

/// The time of day: 00:00 to 24:00, and second 60 for a leap second.
std::optional<microseconds> read_time_of_day(TextCursor& cursor) {
  const auto hour = cursor.number(1, 2);
  if (!hour || !cursor.take(':')) return std::nullopt;
  const auto minute = cursor.number(2, 2);
  if (!minute || *hour > 24 || *minute > 59) return std::nullopt;
  microseconds time = hours{*hour} + minutes{*minute};
  if (cursor.take(':')) {
    const auto second = cursor.number(2, 2);
    if (!second || *second > 60) return std::nullopt;
    time += seconds{*second};
    if (cursor.take_any(".,")) time += read_fraction(cursor);
  }
  if (time > hours{24} && *hour == 24) return std::nullopt;
  return time;
}

}  // namespace

std::optional<seconds> parse_utc_offset(std::string_view text) {
  text = trim(text);
  if (text == "Z" || text == "z") return seconds{0};
  TextCursor cursor{text};
  const bool west = cursor.peek() == '-';
  if (!cursor.take_any("+-")) return std::nullopt;

  const auto digits = cursor.rest().find_first_not_of("0123456789");
  const auto hour_digits = (digits == std::string_view::npos ? cursor.rest().size() : digits) == 3 ? 1U : 2U;
  const auto hour = cursor.number(1, hour_digits);
  if (!hour) return std::nullopt;
  seconds offset = hours{*hour};
  if (!cursor.at_end()) {
    cursor.take(':');
    const auto minute = cursor.number(2, 2);
    if (!minute || *minute > 59) return std::nullopt;
    offset += minutes{*minute};
    if (cursor.take(':')) {
      const auto second = cursor.number(2, 2);
      if (!second || *second > 59) return std::nullopt;
      offset += seconds{*second};
    }
  }
  if (!cursor.at_end() || offset > kFarthestOffset) return std::nullopt;
  return west ? -offset : offset;
}

DeviceTime parse_device_time(std::string_view text, std::string_view time_diff) {
  DeviceTime time;
  time.text = std::string{text.substr(0, kMaxTimeText)};
  text = trim(text);
  if (text.size() > kMaxTimeText) return time;
  TextCursor cursor{text};
  const auto date = read_date(cursor);
  if (!date || !cursor.take_any("Tt ")) return time;
  while (cursor.take(' ')) {
  }
  const auto time_of_day = read_time_of_day(cursor);
  if (!time_of_day) return time;

  const auto zone = trim(cursor.rest());
  if (!zone.empty()) {
    const auto offset = parse_utc_offset(zone);
    if (!offset) return time;
    const bool utc = zone == "Z" || zone == "z";
    time.zone = utc ? DeviceTime::Zone::utc : DeviceTime::Zone::offset;
    time.offset = utc ? parse_utc_offset(time_diff) : offset;
  }
  time.local = *date + *time_of_day;
  return time;
}

std::optional<Instant> DeviceTime::instant() const {
  if (!local || zone == Zone::none) return std::nullopt;
  const auto east = zone == Zone::offset ? offset.value_or(seconds{0}) : seconds{0};
  return Instant{local->time_since_epoch() - east};
}

std::optional<Instant> DeviceTime::instant_with(seconds device_offset) const {
  if (!local) return std::nullopt;
  return zone == Zone::none ? Instant{local->time_since_epoch() - device_offset} : instant();
}

}  // namespace visitor::hikvision
