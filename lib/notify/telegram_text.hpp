#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "notify/message.hpp"

/// What a message becomes in Telegram's "HTML" parse_mode. Source: Bot API, "HTML style".
namespace visitor::notify {

/// Telegram counts UTF-16 units, after tags and entities have been read.
inline constexpr std::size_t kTelegramText = 4096, kTelegramCaption = 1024;

/// How many UTF-16 units \p text has. What is not UTF-8 counts as U+FFFD.
std::size_t utf16_units(std::string_view text);

/// A stretch of text in one style.
struct TelegramRun {
  std::string text;
  bool bold = false;
};

/// Text with "&lt;", "&gt;" and "&amp;", so that nothing in it is markup. What is not UTF-8 becomes U+FFFD.
std::string escape_telegram(std::string_view text);

/// \p runs as HTML in as few parts as need be, none of them empty, one at least.
///
/// Cut after a line or where the style changes, otherwise after a blank, otherwise between two characters as a reader
/// sees them (a letter with its accents, a flag, a family of emoji), and only where one of these is longer than a part,
/// in the middle of it. Each part opens and closes its own tags. The texts of the parts, one after the other, are the
/// text of the runs.
/// \param first  most UTF-16 units of the first part, 2 or more
/// \param rest   of the others
std::vector<std::string> split_telegram(std::span<const TelegramRun> runs, std::size_t first = kTelegramText,
                                        std::size_t rest = kTelegramText);

/// Subject, facts, text, link, and a word where the message may have come before.
std::vector<TelegramRun> telegram_runs(const Message& message);

/// Whether a part would show anything: Telegram takes no message of blanks only.
bool shows_something(std::string_view html);

/// The text of a part without tags and entities, for where Telegram does not want the markup.
std::string plain_telegram(std::string_view html);

}  // namespace visitor::notify
