#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hikvision/event.hpp"

namespace visitor::hikvision {

/// One part of the event stream, or the body of a push: EventNotificationAlert in XML or JSON.
struct Notification {
  enum class Kind : std::uint8_t {
    event,      ///< something happened at the door: \c event is there
    heartbeat,  ///< the link lives: heartBeat, an inactive videoloss, or "Heartbeat" in the description
    other,      ///< an alert of another kind (a camera's, an active videoloss)
  };

  Kind kind = Kind::other;
  std::optional<std::string> event_type, event_state, description;
  DeviceTime time;  ///< dateTime of the envelope
  /// What the device believes about itself; a factory address is common. Neither address nor port identifies it.
  std::optional<std::string> ip_address, ipv6_address, mac_address, protocol, device_id, short_serial_number;
  std::optional<int> port, channel, active_post_count;
  std::optional<AcsEvent> event;  ///< its time and its raw text are the envelope's
};

std::string_view to_string(Notification::Kind value);

/// \throws Error terminal  \p body is no notification
/// Source: HIKVISION.md section 4.
Notification decode_notification(std::string_view body);
std::optional<Notification> find_notification(const Node& root);

}  // namespace visitor::hikvision
