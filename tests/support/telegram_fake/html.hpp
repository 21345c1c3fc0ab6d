#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A second reading of Telegram's rules, which shares no code with lib/notify.
namespace visitor::telegram_fake {

struct Entity {
  std::string tag;                     ///< "b"
  std::size_t offset = 0, length = 0;  ///< in UTF-16 units of the text
};

struct ParsedHtml {
  std::string text;
  std::vector<Entity> entities;
  std::size_t units = 0;  ///< UTF-16 units of the text
};

struct HtmlError {
  std::string description;  ///< as the Bot API words it
};

/// Reads "HTML" parse_mode strictly: only tags of the Bot API's list, each closed in its order; a "<" or "&" that
/// begins neither tag nor entity is an error, where the real server would let some pass.
std::variant<ParsedHtml, HtmlError> parse_html(std::string_view html);

/// Whether \p text is well-formed UTF-8, and how many UTF-16 units it has.
bool is_utf8(std::string_view text);
std::size_t utf16_length(std::string_view text);

}  // namespace visitor::telegram_fake
