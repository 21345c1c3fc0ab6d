#include "notify/delivery_key.hpp"

#include <fmt/format.h>

namespace visitor::notify {

std::string delivery_key(const Message& message) {
  return fmt::format("{}-{}-{}", message.alert.value, message.delivery.value,
                     message.created_at.time_since_epoch().count());
}

}  // namespace visitor::notify
