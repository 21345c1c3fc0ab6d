#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/secret.hpp"
#include "net/http.hpp"
#include "notify/message.hpp"
#include "notify/telegram_updates.hpp"

namespace visitor::notify {

struct TelegramApiOptions {
  std::string base_url = "https://api.telegram.org";
  Secret token;  ///< "123456:ABC…", as BotFather gives it
  std::chrono::milliseconds request_timeout{20'000};
};

/// Why a call brought nothing. Part of the job, so a value.
struct TelegramFailure {
  int code = 0;             ///< as the Bot API gives it; 0: there was no answer
  std::string description;  ///< one line, without the token
  std::chrono::seconds retry_after{};
  std::string migrate_to;  ///< the chat is to be found there from now on
  bool in_doubt = false;   ///< the call may have been carried out all the same
};

template <class T>
using TelegramAnswer = std::variant<T, TelegramFailure>;

/// A message to send or to put in the place of another.
struct TelegramPost {
  std::string chat;
  std::string text;           ///< in HTML
  bool plain = false;         ///< the text is no HTML
  std::int64_t reply_to = 0;  ///< answers that message where it still exists; 0: none
  std::vector<std::vector<Button>> buttons = {};
};

struct TelegramDone {};

/// The calls of the Bot API that we need. Source: core.telegram.org/bots/api.
///
/// The token is part of every address, so no address ever leaves this class. For one thread at a time.
class TelegramApi {
 public:
  /// \throws Error config  the token has not the form of one, or the base URL is none
  explicit TelegramApi(TelegramApiOptions options);

  /// The number of the message.
  TelegramAnswer<std::int64_t> send_message(const TelegramPost& post, std::stop_token stop = {});
  TelegramAnswer<std::int64_t> send_photo(const TelegramPost& caption, const Photo& photo, std::stop_token stop = {});
  /// Takes the buttons away where the post has none. A message that says the same already counts as done.
  TelegramAnswer<TelegramDone> edit_text(std::int64_t message, const TelegramPost& post, std::stop_token stop = {});
  TelegramAnswer<TelegramDone> edit_caption(std::int64_t message, const TelegramPost& post, std::stop_token stop = {});
  TelegramAnswer<TelegramDone> edit_buttons(std::int64_t message, const TelegramPost& post, std::stop_token stop = {});
  TelegramAnswer<TelegramDone> delete_message(const std::string& chat, std::int64_t message, std::stop_token stop = {});

  /// What has happened from update \p offset on (0: whatever is not confirmed), a hundred at most; those before are
  /// thereby confirmed. Waits up to \p wait where nothing has.
  TelegramAnswer<std::vector<TelegramUpdate>> get_updates(std::int64_t offset, std::chrono::seconds wait,
                                                          std::stop_token stop = {});
  /// \param text  up to 200 characters, shown over the chat; as a window where \p alert
  TelegramAnswer<TelegramDone> answer_press(const std::string& query, const std::string& text, bool alert,
                                            std::stop_token stop = {});
  /// The bot's user name.
  TelegramAnswer<std::string> get_me(std::stop_token stop = {});
  TelegramAnswer<TelegramDone> set_webhook(const std::string& url, const std::string& secret,
                                           std::stop_token stop = {});
  TelegramAnswer<TelegramDone> delete_webhook(std::stop_token stop = {});

  /// The number before the colon of the token: who the bot is, and no secret.
  std::int64_t bot() const { return bot_; }

 private:
  struct Result;
  Result call(std::string_view method, net::HttpRequest request, std::stop_token stop);
  Result call_json(std::string_view method, std::string body, std::stop_token stop,
                   std::chrono::milliseconds more_time = {});
  TelegramAnswer<TelegramDone> edit(std::string_view method, std::string body, std::stop_token stop);
  std::string without_token(std::string text) const;

  std::string base_url_;
  Secret token_;
  std::int64_t bot_ = 0;
  std::chrono::milliseconds request_timeout_;
  net::HttpClient http_;
};

}  // namespace visitor::notify
