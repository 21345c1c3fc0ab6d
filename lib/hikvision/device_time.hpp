#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/instant.hpp"

namespace visitor::hikvision {

/// A terminal's wall clock, to the microsecond.
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

/// A time as a terminal wrote it. The text is always kept; what could be read of it stands beside it.
struct DeviceTime {
  enum class Zone : std::uint8_t {
    none,    ///< no offset in the text: only the caller can know it
    offset,  ///< "+03:00", "+0500", "+8:30"
    utc,     ///< "Z"
  };

  std::string text;                ///< verbatim, at most kMaxTimeText bytes
  std::optional<LocalTime> local;  ///< the clock face as written; nothing if the text is not a time
  Zone zone = Zone::none;
  std::optional<std::chrono::seconds> offset;  ///< of the device from UTC; with Zone::utc from timeDiff, if it was sent

  /// The point in UTC, if the text says which one. Never guessed: without an offset there is none.
  std::optional<Instant> instant() const;

  /// The point in UTC, with \p device_offset for a text that has no offset of its own. Nothing if it is not a time.
  std::optional<Instant> instant_with(std::chrono::seconds device_offset) const;

  bool operator==(const DeviceTime&) const = default;
};

inline constexpr std::size_t kMaxTimeText = 64;

/// Reads every form that terminals are known to write: ISO 8601 with offset, "Z", "+0500", "+8:30", "+03", without
/// seconds, with fractions (cut to microseconds), with a blank for the T, and without an offset.
///
/// \param time_diff  the extra member "timeDiff" ("+08:00") of old devices that write "Z"; may be empty
/// \returns always a value; \c local is absent where the text is no date and time. Years 1970 to 2999.
/// Source: HIKVISION.md section 1.
DeviceTime parse_device_time(std::string_view text, std::string_view time_diff = {});

/// "+03:00", "-0430", "+8:30", "+8", "Z" as an offset from UTC; nothing for other texts and beyond 18 hours.
std::optional<std::chrono::seconds> parse_utc_offset(std::string_view text);

}  // namespace visitor::hikvision
