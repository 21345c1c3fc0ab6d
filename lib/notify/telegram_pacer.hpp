#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "core/instant.hpp"

namespace visitor::notify {

/// Holds what a bot sends to the limits of the Bot API: 1 message a second in a chat, 20 a minute in a group, 30 a
/// second in all. Source: Bot API FAQ, "My bot is hitting limits".
///
/// A message counts from the moment at which it is begun, and for as long after its answer as the limit says: the
/// server has counted it at some time between, so that no window of the server's clock ever holds more than the limit,
/// whatever the network does and however many are under way at once. Knows as many chats as it was told of in the last
/// minute.
class TelegramPacer {
 public:
  /// The earliest moment for the next message to \p chat, \p now or later, a minute later at most.
  Instant ready_at(const std::string& chat, Instant now) const;
  /// The earliest moment for the last of \p count messages to \p chat, or where that is empty to many different ones.
  Instant last_at(const std::string& chat, std::size_t count, Instant now) const;

  /// One to \p chat is under way.
  void begun(const std::string& chat);
  /// It was never sent.
  void dropped(const std::string& chat);
  /// One has been answered, whatever the answer was: refused messages count as well.
  void answered(const std::string& chat, Instant at);

  /// Chats that it remembers.
  std::size_t chats() const { return chats_.size(); }

 private:
  /// Of one limit: the newest answers, oldest first, as many as it allows; and what is under way.
  struct Window {
    std::deque<Instant> answers;
    std::size_t under_way = 0;
  };
  static Instant free_at(const Window& window, std::size_t most, std::chrono::microseconds span, Instant now);

  Window bot_;
  std::map<std::string, Window> chats_;  // of a private chat only the last answer
  Instant pruned_at_{};
};

/// Whether several people read \p chat: the ids of groups and channels are negative, public ones have a name.
bool is_telegram_group(const std::string& chat);

}  // namespace visitor::notify
