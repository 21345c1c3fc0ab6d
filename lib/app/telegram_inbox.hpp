#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/edit_locks.hpp"
#include "app/work.hpp"
#include "core/vault.hpp"
#include "notify/telegram_updates.hpp"

/// What people press and write in Telegram.
namespace visitor::app {

/// The bot as its updates know it.
struct TelegramBot {
  std::int64_t id = 0;
  std::string name;  ///< user name; a command may be addressed to it: "/inside@name"
};

/// Does what an update asks for and puts the answers into store::TelegramInbox, all in the caller's transaction.
///
/// A press counts where chat and person are listed in [telegram], the button was made for that chat, nobody has pressed
/// it before, and nobody has done anything about the incident since it was made. It is done in the name of the account
/// "telegram:<person>", and the incident's message is brought up to date; every press has its audit row, whatever came
/// of it. Whoever takes or ends an incident has seen what the chat was told of it; whoever silences it has an hour of
/// silence made, as `alert silence add` makes them. What somebody else is editing is told of, or refused, as
/// [api] locks has it (app/edit_locks.hpp). Commands count in listed chats: /inside, /incidents, /status and,
/// for listed people, /ack N. \param work  its actor is not looked at \returns false where it was done before
bool handle_telegram_update(const Work& work, const Vault& vault, const TelegramBot& bot,
                            const notify::TelegramUpdate& update);

/// What a person is called there: as he wrote it, in a line of at most a hundred columns; never empty.
std::string shown_telegram_name(const notify::TelegramPerson& person);

/// What the bot speaks in \p chat: as the [[recipient]] who reads there, else [telegram] language.
domain::Language telegram_language(const Work& work, const std::string& chat);

/// Whoever answered \p incident from \p chat has seen what was sent there about it.
void acknowledge_in_chat(const Work& work, IncidentId incident, const std::string& chat);

/// "Anna took it on at 12:30", in the time of the site; nothing where nobody has done anything yet.
std::optional<std::string> last_step_in_words(const Work& work, std::int64_t bot, IncidentId incident,
                                              domain::Language language);

/// That somebody else is editing an incident, in the time of the site.
/// \param refused  nothing was done for that reason; else it was done all the same
std::string lock_in_words(const Work& work, std::int64_t bot, const EditLock& lock, bool refused,
                          domain::Language language);

/// "Anna, until 09:30", in the time of the site; nothing where no silence holds back news of it.
std::optional<std::string> silence_in_words(const Work& work, std::int64_t bot, IncidentId incident,
                                            domain::Language language);

}  // namespace visitor::app
