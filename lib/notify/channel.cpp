#include "notify/channel.hpp"

namespace visitor::notify {

Instant Channel::ready_at(const std::string&, Instant now) const {
  return now;
}

Instant Channel::last_at(const std::string&, std::size_t, Instant now) const {
  return now;
}

void Channel::reserve(const std::string&) {}

}  // namespace visitor::notify
