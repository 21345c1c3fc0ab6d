#include "notify/log_channel.hpp"

#include "core/log.hpp"

namespace visitor::notify {

Outcome LogChannel::send(const Message& message) {
  log::warn("alert {}: {}, severity {}, incident {}: {}", message.alert.value, domain::name(message.kind),
            domain::name(message.severity), message.incident.value_or(IncidentId{}).value, message.summary);
  return Delivered{};
}

}  // namespace visitor::notify
