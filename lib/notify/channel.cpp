#include "notify/channel.hpp"

namespace visitor::notify {

Instant Channel::ready_at(const std::string&, Instant now) const {
  return now;
}

}  // namespace visitor::notify
