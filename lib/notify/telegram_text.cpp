#include "notify/telegram_text.hpp"

#include <algorithm>
#include <cstdint>

#include "core/text.hpp"
#include "notify/telegram_grapheme.hpp"
#include "notify/texts.hpp"

namespace visitor::notify {
namespace {

constexpr std::string_view kBold = "<b>", kUnbold = "</b>";

/// The text of all runs, well-formed, by code point.
struct Flat {
  std::vector<std::uint32_t> points;
  std::vector<bool> bold;  ///< of each point
};

std::uint8_t units_of(std::uint32_t point) {
  return point < 0x10000 ? 1 : 2;
}

/// \param text  well-formed
void decode(std::string_view text, std::vector<std::uint32_t>& points) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    points.push_back(point);
    i += length;
  }
}

void encode(std::uint32_t point, std::string& out) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

Flat flatten(std::span<const TelegramRun> runs) {
  Flat flat;
  for (const auto& run : runs) {
    decode(clean_utf8(run.text), flat.points);
    flat.bold.resize(flat.points.size(), run.bold);
  }
  return flat;
}

void escape(std::uint32_t point, std::string& out) {
  if (point == '&')
    out += "&amp;";
  else if (point == '<')
    out += "&lt;";
  else if (point == '>')
    out += "&gt;";
  else
    encode(point, out);
}

/// Where the part that begins at \p begin ends at the latest.
std::size_t furthest(const Flat& flat, std::size_t begin, std::size_t limit) {
  std::size_t end = begin, units = 0;
  while (end < flat.points.size() && units + units_of(flat.points[end]) <= limit) units += units_of(flat.points[end++]);
  return end;
}

/// Where to cut at best, after \p begin and not after \p end. A part keeps a quarter of its room at least, unless there
/// is no other way.
std::size_t cut(const Flat& flat, std::size_t begin, std::size_t end) {
  const std::span points{flat.points};
  const auto enough = begin + std::max<std::size_t>(1, (end - begin) / 4);
  const auto search = [&](auto&& good, std::size_t from) {
    for (std::size_t at = end; at >= from; --at)
      if (good(at) && is_grapheme_border(points.subspan(begin), at - begin)) return at;
    return std::size_t{0};
  };
  if (const auto at = search([&](auto i) { return points[i - 1] == '\n' || flat.bold[i - 1] != flat.bold[i]; }, enough))
    return at;
  if (const auto at = search([&](auto i) { return points[i - 1] == ' ' || points[i - 1] == '\t'; }, enough)) return at;
  if (const auto at = search([](auto) { return true; }, begin + 1)) return at;
  return end;
}

std::string html(const Flat& flat, std::size_t begin, std::size_t end) {
  std::string out;
  bool bold = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (flat.bold[i] != bold) out += (bold = flat.bold[i]) ? kBold : kUnbold;
    escape(flat.points[i], out);
  }
  if (bold) out += kUnbold;
  return out;
}

/// Calls \p text with each character of a part of ours, tags left out, entities read.
template <class Use>
void read_html(std::string_view html, Use&& use) {
  std::string text;
  for (std::size_t i = 0; i < html.size();) {
    const auto rest = html.substr(i);
    const auto is = [&](std::string_view what, std::string_view meaning) {
      if (!rest.starts_with(what)) return false;
      text += meaning;
      i += what.size();
      return true;
    };
    if (is(kBold, "") || is(kUnbold, "") || is("&lt;", "<") || is("&gt;", ">") || is("&amp;", "&")) continue;
    text += html[i++];
  }
  use(text);
}

}  // namespace

std::size_t utf16_units(std::string_view text) {
  std::vector<std::uint32_t> points;
  decode(clean_utf8(std::string{text}), points);
  std::size_t units = 0;
  for (const auto point : points) units += units_of(point);
  return units;
}

std::string escape_telegram(std::string_view text) {
  std::vector<std::uint32_t> points;
  decode(clean_utf8(std::string{text}), points);
  std::string out;
  for (const auto point : points) escape(point, out);
  return out;
}

std::vector<std::string> split_telegram(std::span<const TelegramRun> runs, std::size_t first, std::size_t rest) {
  const auto flat = flatten(runs);
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < flat.points.size();) {
    auto end = furthest(flat, begin, parts.empty() ? first : rest);
    if (end < flat.points.size()) end = cut(flat, begin, end);
    parts.push_back(html(flat, begin, end));
    begin = end;
  }
  if (parts.empty()) parts.emplace_back();
  return parts;
}

std::vector<TelegramRun> telegram_runs(const Message& message) {
  std::string body;
  const auto paragraph = [&](const std::string& text) {
    if (!text.empty()) body += "\n\n" + text;
  };
  std::string facts;
  for (const auto& fact : message.facts) {
    if (!facts.empty()) facts += '\n';
    facts += fact.label + ": " + fact.value;
  }
  paragraph(facts);
  paragraph(message.text);
  paragraph(message.link);
  if (message.possibly_repeated) paragraph(say(Phrase::possibly_repeated, message.language));
  return {{message.subject, true}, {body, false}};
}

bool shows_something(std::string_view html) {
  // What Telegram takes for blank: white space of every width, and characters that are not seen.
  constexpr auto is_blank = [](std::uint32_t c) {
    return c <= 0x20 || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E ||
           (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) ||
           c == 0x2800 || c == 0x3000 || c == 0x3164 || c == 0xFEFF || c == 0xFFFC || (c >= 0xE0000 && c <= 0xE0FFF);
  };
  std::vector<std::uint32_t> points;
  read_html(html, [&](const std::string& text) { decode(text, points); });
  return !std::all_of(points.begin(), points.end(), is_blank);
}

std::string plain_telegram(std::string_view html) {
  std::string plain;
  read_html(html, [&](std::string& text) { plain = std::move(text); });
  return plain;
}

}  // namespace visitor::notify
