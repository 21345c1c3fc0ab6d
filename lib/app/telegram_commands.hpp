#pragma once

#include "app/telegram_inbox.hpp"

namespace visitor::app {

/// Answers a command of a listed chat: /inside, /incidents, /ack N, /status, /help. What is no command, or is for
/// another bot, is not looked at; a chat that is not listed is named in the log, so that it can be.
void answer_telegram_command(const Work& work, const TelegramBot& bot, const notify::TelegramNote& note);

}  // namespace visitor::app
