#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "hikvision/client.hpp"

namespace visitor::hikvision {

/// A terminal's clock before and after it was set.
struct ClockSetting {
  ClockReading before;
  ClockReading after;
  std::string time_zone;  ///< that was sent
};

/// How far a clock that was just set may be from ours.
inline constexpr std::chrono::seconds kClockTolerance{2};

/// Sets the terminal's clock to ours and reads it back. The zone stays the terminal's: as it writes it, else the offset
/// that its time shows, else \p offset. Its log gets a row 3/1028, and NTP, where it was on, is off from then on.
///
/// \param offset  from UTC, of the site
/// \returns bad_answer where it took the time and shows another one
/// Source: HIKVISION.md section 7.
Outcome<ClockSetting> set_clock(Client& client, const Clock& clock, std::chrono::seconds offset,
                                std::stop_token stop = {});

}  // namespace visitor::hikvision
