#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/guarded.hpp"
#include "notify/channel.hpp"
#include "notify/telegram_api.hpp"
#include "notify/telegram_pacer.hpp"

namespace visitor::notify {

/// Where a message is: what Delivered::provider_id says of it, "-1001234:17,18".
struct TelegramPlace {
  std::string chat;
  std::vector<std::int64_t> messages;  ///< its parts, in their order; may be empty

  std::string text() const;
  /// \returns nothing where \p text is not of that form
  static std::optional<TelegramPlace> read(std::string_view text);
};

/// Sends messages through a Telegram bot. A recipient is the id of a chat, or "@name" of a public one.
///
/// | Telegram says                         | outcome                                                            |
/// |---------------------------------------|--------------------------------------------------------------------|
/// | ok                                    | Delivered                                                          |
/// | 429 with retry_after                  | RetryAfter for the recipient; for the channel where another chat   |
/// |                                       | was told the same and its wait is not over: it is the bot's        |
/// | migrate_to_chat_id                    | sent there, moved_to says where                                    |
/// | 403; 400 of the chat (not found, no rights, …) | Refused                                                   |
/// | 400 of the photo                      | the text goes without it                                           |
/// | 400 of the message                    | its words go without markup, buttons and reference; else Refused   |
/// | 401, 404: it does not know the bot    | RetryAfter for the channel                                         |
/// | 5xx; no answer                        | RetryAfter for the message; for the channel. In doubt where the    |
/// |                                       | message may have been taken                                        |
///
/// What is too long goes in several parts, with the buttons under the last. Message::replaces is edited where the kind
/// brings up to date; a reminder or an escalation, which must be heard, answers to it, and so does what can no longer
/// be edited. The limits of rate are kept within a message, too: where the next part would have to wait for longer than
/// \p patience in all, the outcome is RetryAfter with what has been done.
class TelegramChannel final : public Channel {
 public:
  /// \throws Error config  as TelegramApi
  TelegramChannel(TelegramApiOptions options, const Clock& clock,
                  std::chrono::milliseconds patience = std::chrono::seconds{20});

  domain::Channel name() const override { return domain::Channel::telegram; }
  std::vector<std::string> render(const Message& message) const override;
  Outcome send(const Message& message, std::stop_token stop) override;
  /// Enough for thirty messages a second over a way of a hundred milliseconds.
  std::size_t hands() const override { return 4; }
  Instant ready_at(const std::string& recipient, Instant now) const override;
  Instant last_at(const std::string& recipient, std::size_t count, Instant now) const override;
  void reserve(const std::string& recipient) override;

 private:
  class Sending;
  class Turn;
  /// A connection of one's own, for as long as one sends.
  class Line;

  /// What all that is being sent has in common.
  struct Shared {
    TelegramPacer pacer;
    std::multiset<std::string> reserved;  ///< chats
    /// The chat that was told last to wait, and until when.
    std::string flooded;
    Instant flooded_until{};
    std::vector<std::unique_ptr<TelegramApi>> idle;
  };

  TelegramApiOptions options_;
  const Clock& clock_;
  std::chrono::milliseconds patience_;
  Guarded<Shared> shared_;
};

}  // namespace visitor::notify
