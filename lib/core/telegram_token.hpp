#pragma once

#include <string_view>

namespace visitor {

/// Whether \p token has the form of a Telegram bot's: digits, a colon, and letters, digits, "_" and "-". What has it
/// can stand in an address as it is.
bool is_telegram_token(std::string_view token);

}  // namespace visitor
