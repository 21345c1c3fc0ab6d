#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor {

/// \p text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD; control characters are escaped.
std::string json_quote(std::string_view text);

/// \p text with every byte that is not part of well-formed UTF-8 replaced by U+FFFD, and NUL removed (PostgreSQL's text
/// cannot hold it). Returns its argument where nothing is wrong.
std::string clean_utf8(std::string text);

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(std::span<const std::byte> bytes);
/// \returns nothing for an odd length or a character that is not a hexadecimal digit
std::optional<std::vector<std::byte>> from_hex(std::string_view text);

/// Without blanks, tabs and line ends at both sides.
std::string_view trim(std::string_view text);
/// ASCII letters only; other bytes stay.
std::string lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// The whole of \p text as a decimal number that fits, or nothing (no blanks, no plus sign).
std::optional<long long> to_integer(std::string_view text);

/// The candidate nearest to \p word by edit distance, or nothing where none is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// How many terminal columns \p text takes: one per code point, two for East Asian wide, none for combining marks.
std::size_t display_width(std::string_view text);

/// \p text for a terminal: control characters (which could move the cursor or change its colours) become U+FFFD, and
/// what is not UTF-8 is mended.
std::string printable(std::string_view text);

/// \p text in at most \p width columns, with "…" at the end where something was cut.
std::string shortened(std::string_view text, std::size_t width);

}  // namespace visitor
