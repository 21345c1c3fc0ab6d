#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "hikvision/document.hpp"

namespace visitor::hikvision {

/// GET /ISAPI/System/deviceInfo, XML or JSON, with or without its root.
struct DeviceInfo {
  std::optional<std::string> device_name, device_id, model, serial_number, mac_address, firmware_version,
      firmware_released, device_type, sub_device_type, sub_serial_number;
  std::map<std::string, std::string, std::less<>> others;  ///< every other member with a text, by its name on the wire

  /// Six lower-case pairs with colons; nothing if the text is no MAC address, or all zeros.
  std::optional<std::string> stable_mac() const;
  /// The last nine characters of the serial number, which name the unit. The part before holds model, date and firmware
  /// and may change with an upgrade. Nothing if the serial number is shorter.
  std::optional<std::string> unit_number() const;
};

/// \throws Error terminal  \p body has neither a serial number nor a model with its firmware
/// Source: HIKVISION.md section 7.
DeviceInfo decode_device_info(std::string_view body);
std::optional<DeviceInfo> find_device_info(const Node& root);

/// Whether both answers come from the same unit: equal MAC addresses, or where one has none, equal unit numbers.
bool is_same_device(const DeviceInfo& a, const DeviceInfo& b);

}  // namespace visitor::hikvision
