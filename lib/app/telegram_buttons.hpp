#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "core/vault.hpp"
#include "notify/message.hpp"

/// The buttons under an incident in Telegram.
///
/// What a button gives back says what to do with which incident as it stood when the button was made, and is signed
/// with a key of the master key together with the chat that it was made for. It stands for the newest step of the
/// incident's history: what people did meanwhile makes it stale, one more sighting does not.
namespace visitor::app {

enum class TelegramAction {
  take,
  resolve,
  false_alarm,
  silence,  ///< for an hour, what is like it: \see silence_like()
};

struct TelegramButton {
  TelegramAction action = TelegramAction::take;
  IncidentId incident;
  std::int64_t step = 0;  ///< the newest of the incident's history, when the button was made
};

/// 64 bytes at most.
std::string write_telegram_button(const Vault& vault, const TelegramButton& button, std::string_view chat);
/// \returns nothing where it was not made with this key for this chat
std::optional<TelegramButton> read_telegram_button(const Vault& vault, std::string_view data, std::string_view chat);

/// What can be done with an incident as it is now; nothing where it has ended or does not exist, or where nobody in
/// \p chat may press ([telegram] chats and people). No silence where one holds, or this chat has made one since the
/// incident's newest step.
std::vector<std::vector<notify::Button>> telegram_buttons(const Work& work, const Vault& vault, IncidentId incident,
                                                          const std::string& chat, domain::Language language);

}  // namespace visitor::app
