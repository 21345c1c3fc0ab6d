#include "hikvision/device_info.hpp"

#include <array>
#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::hikvision {
namespace {

using Place = std::optional<std::string> DeviceInfo::*;

constexpr auto kMembers = std::to_array<std::pair<std::string_view, Place>>({
    {"deviceName", &DeviceInfo::device_name},
    {"deviceID", &DeviceInfo::device_id},
    {"model", &DeviceInfo::model},
    {"serialNumber", &DeviceInfo::serial_number},
    {"macAddress", &DeviceInfo::mac_address},
    {"firmwareVersion", &DeviceInfo::firmware_version},
    {"firmwareReleasedDate", &DeviceInfo::firmware_released},
    {"deviceType", &DeviceInfo::device_type},
    {"subDeviceType", &DeviceInfo::sub_device_type},
    {"subSerialNumber", &DeviceInfo::sub_serial_number},
});

Place place_of(std::string_view name) {
  for (const auto& [wire, place] : kMembers)
    if (wire == name) return place;
  return nullptr;
}

}  // namespace

std::optional<std::string> DeviceInfo::stable_mac() const {
  if (!mac_address) return std::nullopt;
  std::string digits;
  for (const char c : lower(trim(*mac_address))) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
      digits += c;
    else if (c != ':' && c != '-' && c != '.')
      return std::nullopt;
  }
  if (digits.size() != 12 || digits.find_first_not_of('0') == std::string::npos) return std::nullopt;
  std::string mac = digits.substr(0, 2);
  for (std::size_t pair = 2; pair < digits.size(); pair += 2) {
    mac += ':';
    mac += digits.substr(pair, 2);
  }
  return mac;
}

std::optional<std::string> DeviceInfo::unit_number() const {
  constexpr std::size_t kLength = 9;
  if (!serial_number || serial_number->size() < kLength) return std::nullopt;
  return serial_number->substr(serial_number->size() - kLength);
}

bool is_same_device(const DeviceInfo& a, const DeviceInfo& b) {
  const auto mac = a.stable_mac();
  const auto other_mac = b.stable_mac();
  if (mac && other_mac) return mac == other_mac;
  const auto unit = a.unit_number();
  return unit && unit == b.unit_number();
}

std::optional<DeviceInfo> find_device_info(const Node& root) {
  const Node& answer = unwrap(root, "DeviceInfo");
  DeviceInfo info;
  for (const Node* child = answer.first_child; child; child = child->next) {
    const auto text = child->as_text();
    if (!text || child->name.substr(0, 1) == "@") continue;
    if (const auto place = place_of(child->name))
      info.*place = std::string{*text};
    else
      info.others.emplace(child->name, *text);
  }
  if (!info.serial_number && !(info.model && info.firmware_version)) return std::nullopt;
  return info;
}

DeviceInfo decode_device_info(std::string_view body) {
  const auto document = Document::parse(body, "deviceInfo", {.bytes = 1U << 20});
  if (auto info = find_device_info(document.root())) return std::move(*info);
  throw Error(Errc::terminal, "the deviceInfo names neither a serial number nor a model with its firmware");
}

}  // namespace visitor::hikvision
