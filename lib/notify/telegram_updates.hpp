#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::notify {

struct TelegramPerson {
  std::int64_t id = 0;
  std::string name;      ///< first and last name, as the person wrote them; may be empty
  std::string username;  ///< without "@"; may be empty
};

/// Somebody pressed a button.
struct TelegramPress {
  std::string query;  ///< what answerCallbackQuery wants
  TelegramPerson by;
  std::string chat;  ///< empty where the message is not known any more
  std::int64_t message = 0;
  std::string data;
};

/// Somebody wrote something that the bot sees.
struct TelegramNote {
  std::string chat;
  std::int64_t message = 0;
  std::optional<TelegramPerson> by;  ///< nobody: a channel, or an administrator who hides
  std::string text;
};

/// One thing that Telegram tells a bot. What is neither press nor note has only its number.
struct TelegramUpdate {
  std::int64_t id = 0;
  std::optional<TelegramPress> press = {};
  std::optional<TelegramNote> note = {};
};

/// The body of a webhook call.
/// \returns nothing where it is not an update
std::optional<TelegramUpdate> read_telegram_update(std::string_view json);

/// The result of getUpdates, in its order; entries that are no updates are left out.
/// \returns nothing where it is not a list
std::optional<std::vector<TelegramUpdate>> read_telegram_updates(std::string_view json);

}  // namespace visitor::notify
