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

/// What PUT /ISAPI/System/time takes: kept by hand, the clock face without an offset, and the zone beside it.
/// \param time_zone  as device_zone_text() or the terminal itself writes it
/// \throws Error usage  \p time_zone is no such text
std::string system_time_body(LocalTime local, std::string_view time_zone);

}  // namespace visitor::hikvision
