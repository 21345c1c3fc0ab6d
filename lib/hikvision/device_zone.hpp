#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "hikvision/device_time.hpp"

namespace visitor::hikvision {

/// "The \c week th \c weekday of \c month at \c at", week 5 being the last. POSIX's Mm.w.d/time.
struct DstDate {
  unsigned month = 1;
  unsigned week = 1;
  unsigned weekday = 0;  ///< 0 is Sunday
  std::chrono::seconds at{7200};

  /// The wall-clock time in \p year.
  LocalTime in(std::chrono::year year) const;
  bool operator==(const DstDate&) const = default;
};

/// What the member timeZone of System/time says: the offset from UTC and, if set, summer time.
struct DeviceZone {
  struct Dst {
    std::chrono::seconds forward{3600};  ///< how far the clock is put forward
    DstDate begin;
    DstDate end;
    bool operator==(const Dst&) const = default;
  };

  std::chrono::seconds standard{0};  ///< east of Greenwich is positive
  std::optional<Dst> dst;

  /// The offset from UTC while the device's clock shows \p local. In the hour that occurs twice, the first one.
  std::chrono::seconds offset_at(LocalTime local) const;
  /// What the device's clock shows at \p instant.
  LocalTime local_at(Instant instant) const;
  bool operator==(const DeviceZone&) const = default;
};

/// "CST-5:00:00" for five hours east of Greenwich.
std::string device_zone_text(std::chrono::seconds offset);

/// "CST-3:00:00" is UTC+3: the sign is POSIX's, which counts westward; the letters mean nothing. A suffix such as
/// "DST00:30:00,M4.1.0/02:00:00,M10.5.0/02:00:00" puts the clock forward by half an hour between the two dates (the
/// time after DST is the step, unlike in POSIX).
///
/// \returns nothing for other texts. A suffix that cannot be read is left out; the standard offset still counts.
/// Source: HIKVISION.md section 7.
std::optional<DeviceZone> parse_device_zone(std::string_view text);

}  // namespace visitor::hikvision
