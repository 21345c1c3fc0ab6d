#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hikvision/device_time.hpp"
#include "hikvision/device_zone.hpp"
#include "hikvision/document.hpp"

namespace visitor::hikvision {

/// GET /ISAPI/System/time.
struct SystemTime {
  DeviceTime local_time;
  std::optional<std::string> mode;       ///< NTP, manual, satellite, platform, …
  std::optional<std::string> time_zone;  ///< as sent: "CST-3:00:00"
  std::optional<DeviceZone> zone;        ///< what time_zone says, if it can be read

  /// The device's offset from UTC at this time: as written in localTime, else from the time zone, else nothing.
  std::optional<std::chrono::seconds> offset() const;
  /// The device's clock as a point in time, if the offset is known.
  std::optional<Instant> instant() const;
};

/// \throws Error terminal  \p body has no localTime that can be read
/// Source: HIKVISION.md section 7.
SystemTime decode_system_time(std::string_view body);
std::optional<SystemTime> find_system_time(const Node& root);

}  // namespace visitor::hikvision
