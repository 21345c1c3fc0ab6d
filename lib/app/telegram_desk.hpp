#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "app/telegram_inbox.hpp"
#include "app/work.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "db/pool.hpp"
#include "notify/telegram_channel.hpp"
#include "store/alerts.hpp"
#include "store/telegram_inbox.hpp"

namespace visitor::app {

/// Whether there is a bot: [telegram] token_file.
bool has_telegram(const config::Settings& settings);
notify::TelegramApiOptions telegram_api_options(const config::Settings& settings);

/// Puts the message of an incident into words.
using TelegramCompose = std::function<notify::Message(const Work&, const store::DueDelivery&)>;

/// What \p compose makes; where it goes to Telegram, with who did what to its incident last, and with its buttons.
TelegramCompose with_telegram_buttons(TelegramCompose compose, const Vault& vault);

/// Takes in what people press and write, and answers them.
///
/// Of all daemons one sits at the desk. Whoever is cut off there leaves nothing half done: an update is marked together
/// with what it did and with its answers, and an answer goes only when Telegram has it.
class TelegramDesk {
 public:
  /// Everything outlives it; there is a bot.
  TelegramDesk(db::Pool& pool, const config::Settings& settings, const Vault& vault, const Actor& actor,
               const Clock& clock, TelegramCompose compose);

  /// Takes or keeps the desk.
  /// \param gone  holders that cannot come back
  /// \returns false where another one sits there
  bool hold(const std::string& holder, std::span<const std::string> gone = {});
  void let_go(const std::string& holder);
  /// Who sits there, as far as that is on record.
  std::optional<std::string> holder();

  /// Asks Telegram what has happened, waits up to \p wait where nothing has, but not longer than until an answer is
  /// due, and handles it. \throws Error delivery  Telegram does not answer, or does not know the bot
  void ask(std::chrono::seconds wait, std::stop_token stop);
  /// Tells Telegram where to send updates to; once is enough.
  /// \throws Error delivery
  void announce_webhook(std::stop_token stop);
  /// Sends the answers that are due.
  void answer(std::stop_token stop);

 private:
  using Reply = store::TelegramReply;
  struct Later {
    Instant until;
    std::string progress;
  };

  /// \returns when to try again, if it is not settled
  std::optional<Later> say(const Reply& reply, const std::stop_token& stop);
  std::optional<Later> say_press(const Reply& reply, const std::stop_token& stop);
  std::optional<Later> say_message(const Reply& reply, const notify::Message& message, const std::stop_token& stop);
  notify::Message incident_message(const Reply& reply, const std::stop_token& stop);
  void handle(const notify::TelegramUpdate& update, const std::stop_token& stop);
  Work work(db::Transaction& tx) const { return {tx, actor_, clock_.now(), settings_, domain::Scope::everything()}; }

  db::Pool& pool_;
  const config::Settings& settings_;
  const Vault& vault_;
  const Actor& actor_;
  const Clock& clock_;
  TelegramCompose compose_;
  notify::TelegramApi api_;
  notify::TelegramChannel channel_;
  TelegramBot bot_;
};

/// What Telegram shows with each call of the webhook, so that nobody else's call counts. Follows from the master key.
std::string telegram_webhook_secret(const Vault& vault, std::int64_t bot);
/// Takes as long whatever differs.
bool is_telegram_webhook_secret(const Vault& vault, std::int64_t bot, std::string_view given);
/// The number of the bot.
std::int64_t telegram_bot_id(const config::Settings& settings);
/// The path of [telegram] webhook_url; empty without one.
std::string telegram_webhook_path(const config::Settings& settings);

/// Handles an update in a transaction of its own. One that cannot be handled, whatever is tried, is marked and logged,
/// so that it does not stand in the way of those after it.
/// \throws Error  as any use of the pool; then it is to come again
void take_telegram_update(db::Pool& pool, const config::Settings& settings, const Vault& vault, const Actor& actor,
                          const Clock& clock, const TelegramBot& bot, const notify::TelegramUpdate& update,
                          std::stop_token stop = {});

}  // namespace visitor::app
