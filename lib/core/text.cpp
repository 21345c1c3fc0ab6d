#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <numeric>
#include <utility>

#include "core/json_text.hpp"
#include "core/utf8.hpp"

namespace visitor {
namespace {

bool is_wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

bool is_combining(std::uint32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x200B && c <= 0x200F);
}

std::size_t code_point_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

/// C0, DEL, C1 (U+0080 … U+009F, which some terminals obey as well), and what turns the writing direction around
/// (U+202A … U+202E, U+2066 … U+2069) so that a line reads other than it is.
bool is_unsafe(std::string_view point) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(point[i]); };
  if (point.size() == 1) return at(0) < 0x20 || at(0) == 0x7F;
  if (point.size() == 2) return at(0) == 0xC2 && at(1) < 0xA0;
  return (point >= "\u202A" && point <= "\u202E") || (point >= "\u2066" && point <= "\u2069");
}

}  // namespace

std::string json_quote(std::string_view text) {
  std::string out;
  append_json_quoted(out, text);
  return out;
}

namespace {

/// How many bytes at the front of \p text stand in a JSON string as they are and are ASCII.
std::size_t plain_length(std::string_view text) {
  const auto plain = [](unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
  // Eight at a time, the last eight once more with what is left. Source of the tests of all bytes of a word: Bit
  // Twiddling Hacks, "Determine if a word has a zero byte" and "… a byte less than n".
  constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255;
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & (kOnes * 0x80); };
  const auto all_plain = [&](std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const auto control = (word - kOnes * 0x20) & ~word & (kOnes * 0x80);
    return (control | (word & (kOnes * 0x80)) | has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\')) |
            has_zero(word ^ (kOnes * 0x7F))) == 0;
  };
  std::size_t i = 0;
  while (i + 8 <= text.size() && all_plain(i)) i += 8;
  if (text.size() >= 8 && text.size() - i < 8 && all_plain(text.size() - 8)) return text.size();
  while (i < text.size() && plain(static_cast<unsigned char>(text[i]))) ++i;
  return i;
}

}  // namespace

void append_json_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t begin = 0;  // of what stands there as it is
  for (std::size_t i = 0;;) {
    i += plain_length(text.substr(i));
    const auto length = i < text.size() ? utf8_length(text.substr(i)) : 0;
    if (length > 1) {
      i += length;
      continue;
    }
    out += text.substr(begin, i - begin);
    if (i == text.size()) break;
    const char c = text[i];
    if (length == 0)
      out += kReplacementCharacter;
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    begin = ++i;
  }
  out += '"';
}

std::string clean_utf8(std::string text) {
  std::size_t good = 0;
  while (good < text.size()) {
    const auto length = utf8_length(std::string_view{text}.substr(good));
    if (length == 0 || text[good] == '\0') break;
    good += length;
  }
  if (good == text.size()) return text;

  auto out = text.substr(0, good);
  for (auto rest = std::string_view{text}.substr(good); !rest.empty();) {
    const auto length = utf8_length(rest);
    if (length == 0)
      out += kReplacementCharacter;
    else if (rest[0] != '\0')
      out += rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string to_hex(std::span<const std::byte> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned>(byte));
  return out;
}

std::optional<std::vector<std::byte>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::byte> out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (error != std::errc{} || end != text.data() + i + 2) return std::nullopt;
    out.push_back(static_cast<std::byte>(value));
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return small(x) == small(y); });
}

std::optional<long long> to_integer(std::string_view text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  const auto distance = [](std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
      auto diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= b.size(); ++j)
        diagonal = std::exchange(
            row[j], std::min({row[j] + 1, row[j - 1] + 1, diagonal + static_cast<std::size_t>(a[i - 1] != b[j - 1])}));
    }
    return row.back();
  };
  std::optional<std::string> best;
  auto best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    if (const auto d = distance(word, candidate); d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto length = std::max<std::size_t>(utf8_length(text.substr(i)), 1);
    const auto c = utf8_point(text.substr(i, length));
    width += is_wide(c) ? 2U : is_combining(c) ? 0U : 1U;
    i += length;
  }
  return width;
}

std::string printable(std::string_view text) {
  const auto clean = clean_utf8(std::string{text});
  std::string out;
  out.reserve(clean.size());
  for (std::size_t i = 0; i < clean.size();) {
    const auto bytes = code_point_bytes(static_cast<unsigned char>(clean[i]));
    if (is_unsafe(std::string_view{clean}.substr(i, bytes)))
      out += "\uFFFD";
    else
      out.append(clean, i, bytes);
    i += bytes;
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto point = text.substr(i, code_point_bytes(static_cast<unsigned char>(text[i])));
    const auto wide = display_width(point);
    if (used + wide + 1 > width) break;
    out += point;
    used += wide;
    i += point.size();
  }
  return width == 0 ? out : out + "…";
}

}  // namespace visitor
