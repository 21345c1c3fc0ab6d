#include "hikvision/notification.hpp"

#include <array>
#include <limits>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::hikvision {
namespace {

constexpr std::size_t kMaxNotificationBytes = 1U << 20;

std::optional<int> child_number(const Node& parent, std::string_view name) {
  const auto number = child_integer(parent, name);
  if (!number || *number <= 0 || *number > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*number);
}

bool says(const std::optional<std::string>& text, std::string_view word) {
  return text && equal_ignoring_case(*text, word);
}

bool is_heartbeat(const Notification& alert) {
  return says(alert.event_type, "heartBeat") ||
         (says(alert.event_type, "videoloss") && says(alert.event_state, "inactive")) ||
         says(alert.description, "Heartbeat");
}

}  // namespace

std::string_view to_string(Notification::Kind value) {
  constexpr std::array<std::string_view, 3> kNames = {"event", "heartbeat", "other"};
  return kNames.at(static_cast<std::size_t>(value));
}

std::optional<Notification> find_notification(const Node& root) {
  const Node& envelope = unwrap(root, "EventNotificationAlert");
  const Node* inner = envelope.find("AccessControllerEvent");
  const bool has_event = inner && inner->kind == Node::Kind::object;
  const bool is_alert = envelope.find("eventType") && (&envelope != &root || envelope.find("eventState"));
  if (!has_event && !is_alert) return std::nullopt;

  Notification alert;
  alert.event_type = child_text(envelope, "eventType");
  alert.event_state = child_text(envelope, "eventState");
  alert.description = child_text(envelope, "eventDescription");
  alert.time =
      parse_device_time(child_text(envelope, "dateTime").value_or(""), child_text(envelope, "timeDiff").value_or(""));
  alert.ip_address = child_text(envelope, "ipAddress");
  alert.ipv6_address = child_text(envelope, "ipv6Address");
  alert.mac_address = child_text(envelope, "macAddress");
  alert.protocol = child_text(envelope, "protocol");
  alert.device_id = child_text(envelope, "deviceID");
  alert.short_serial_number = child_text(envelope, "shortSerialNumber");
  alert.port = child_number(envelope, "portNo");
  alert.channel = child_number(envelope, "channelID");
  alert.active_post_count = child_number(envelope, "activePostCount");
  if (has_event) {
    alert.kind = Notification::Kind::event;
    alert.event = decode_event(*inner, envelope);
    if (!alert.time.text.empty()) alert.event->time = alert.time;
  } else if (is_heartbeat(alert)) {
    alert.kind = Notification::Kind::heartbeat;
  }
  return alert;
}

Notification decode_notification(std::string_view body) {
  const auto document = Document::parse(body, "notification", {.bytes = kMaxNotificationBytes, .nodes = 20'000});
  if (auto alert = find_notification(document.root())) return std::move(*alert);
  throw Error(Errc::terminal, "the notification has neither an eventType nor an AccessControllerEvent");
}

}  // namespace visitor::hikvision
