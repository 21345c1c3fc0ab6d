#pragma once

#include <deque>
#include <map>
#include <string>

#include "core/instant.hpp"

namespace visitor::notify {

/// Holds what a bot sends to the limits of the Bot API: 1 message a second in a chat, 20 a minute in a group, 30 a
/// second in all. Source: Bot API FAQ, "My bot is hitting limits".
///
/// The time of a message is when its answer came: the server has counted it by then, so that no window of the server's
/// clock ever holds more than the limit, whatever the network does. Knows as many chats as it was told of in the last
/// minute.
class TelegramPacer {
 public:
  /// The earliest moment for the next message to \p chat, \p now or later, a minute later at most.
  Instant ready_at(const std::string& chat, Instant now) const;

  /// One has been answered, whatever the answer was: refused messages count as well.
  void answered(const std::string& chat, Instant at);

  /// Chats that it remembers.
  std::size_t chats() const { return chats_.size(); }

 private:
  std::deque<Instant> bot_;                           // the newest, oldest first; as many as the limit allows
  std::map<std::string, std::deque<Instant>> chats_;  // the same; of a private chat only the last
  Instant pruned_at_{};
};

/// Whether several people read \p chat: the ids of groups and channels are negative, public ones have a name.
bool is_telegram_group(const std::string& chat);

}  // namespace visitor::notify
