#include "notify/log_channel.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "core/text.hpp"

namespace visitor::notify {

std::vector<std::string> LogChannel::render(const Message& message) const {
  const auto incident = message.incident ? fmt::format(", incident {}", message.incident->value) : "";
  return {fmt::format("alert {}: {}, severity {}{}: {}", message.alert.value, domain::name(message.kind),
                      domain::name(message.severity), incident, printable(message.summary))};
}

Outcome LogChannel::send(const Message& message, std::stop_token) {
  for (const auto& line : render(message)) log::warn("{}", line);
  return Delivered{};
}

}  // namespace visitor::notify
