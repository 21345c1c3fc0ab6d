#include "notify/email_header.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.hpp"

namespace visitor::notify {
namespace {

constexpr std::size_t kLine = 78;         // RFC 5322 section 2.1.1
constexpr std::size_t kEncodedWord = 75;  // RFC 2047 section 2
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto count = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0);
    for (std::size_t i = 0; i < 4; ++i) out += i > count ? '=' : kAlphabet[group >> (18 - 6 * i) & 0x3f];
  }
  return out;
}

/// Well-formed UTF-8 in one line: what would end a header, or is not seen, is a blank.
std::string one_line(std::string_view text) {
  auto out = clean_utf8(std::string{text});
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return out;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

/// The words of \p text, of which a header may begin a new line at each.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(' ');
    const auto end = begin == text.npos ? text.npos : text.find(' ', begin);
    words.emplace_back(text.substr(0, end));  // leading blanks belong to the word
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return words;
}

/// Whether \p text can stand in a header as it is.
bool goes_plain(std::string_view text) {
  const auto words = split(text);
  const bool fits = std::ranges::all_of(words, [](const auto& word) { return word.size() + 2 < kLine; });
  const bool blank_ends = text.starts_with(' ') || text.ends_with(' ') || text.find("  ") != text.npos;
  return is_ascii(text) && fits && !blank_ends && text.find("=?") == text.npos;
}

/// \p text as encoded words, none of which ends within a character; the first stands beside the header's name.
std::vector<std::string> encoded_words(std::string_view name, std::string_view text) {
  constexpr std::string_view kBegin = "=?UTF-8?B?";
  constexpr std::string_view kEnd = "?=";
  constexpr std::size_t kColonAndBlank = 2;
  std::vector<std::string> words;
  auto room = std::min(kEncodedWord, kLine - name.size() - kColonAndBlank);
  while (!text.empty()) {
    auto count = std::min((room - kBegin.size() - kEnd.size()) / 4 * 3, text.size());
    while (count < text.size() && (static_cast<unsigned char>(text[count]) & 0xc0) == 0x80) --count;
    words.push_back(fmt::format("{}{}{}", kBegin, base64(text.substr(0, count)), kEnd));
    text.remove_prefix(count);
    room = kEncodedWord;
  }
  return words;
}

/// A new line where the next word does not fit.
template <class Words>
std::string folded(std::string_view name, const Words& words) {
  auto out = fmt::format("{}:", name);
  auto line = out.size();
  for (const auto& word : words) {
    if (line + 1 + word.size() > kLine && line > 1) {
      out += "\r\n";
      line = 0;
    }
    out += ' ';
    out += word;
    line += 1 + word.size();
  }
  return out + "\r\n";
}

/// A name in front of an address. Source: RFC 5322 section 3.2.
std::vector<std::string> phrase(std::string_view name, std::string_view text) {
  constexpr std::string_view kSpecial = "()<>[]:;@\\,.\"";
  if (!goes_plain(text)) return encoded_words(name, text);
  if (text.find_first_of(kSpecial) == text.npos) return split(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  return quoted.size() + 2 < kLine ? split(quoted) : encoded_words(name, text);
}

}  // namespace

std::string text_header(std::string_view name, std::string_view text) {
  const auto clean = one_line(text);
  return folded(name, goes_plain(clean) ? split(clean) : encoded_words(name, clean));
}

std::string address_header(std::string_view name, std::string_view display, std::string_view address) {
  auto words = phrase(name, one_line(display));
  words.push_back(fmt::format("<{}>", address));
  return folded(name, words);
}

std::string words_header(std::string_view name, std::initializer_list<std::string_view> words) {
  return folded(name, words);
}

std::string mail_date(Instant instant) {
  return date::format("%a, %d %b %Y %H:%M:%S +0000", std::chrono::floor<std::chrono::seconds>(instant));
}

std::string quoted_printable(std::string_view text) {
  constexpr std::size_t kLongest = 76;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') {
      out += "\r\n";
      line = 0;
      continue;
    }
    const bool ends_line = at + 1 == text.size() || text[at + 1] == '\n';
    const bool blank = c == ' ' || c == '\t';
    // A dot, or "From", that begins a line is changed by mail servers on the way.
    const bool plain = c > ' ' && c < 0x7f && c != '=' && !(line == 0 && (c == '.' || c == 'F'));
    const std::size_t width = plain || (blank && !ends_line) ? 1 : 3;
    if (line + width + (ends_line ? 0 : 1) > kLongest) {
      out += "=\r\n";
      line = 0;
      --at;  // once more: at the beginning of a line the rules are others
      continue;
    }
    if (width == 1) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'=', kHex[byte >> 4], kHex[byte & 0x0f]};
    }
    line += width;
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kBytesOfLine = 57;
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kBytesOfLine, bytes.size())))
    out += base64(bytes.substr(0, kBytesOfLine)) + "\r\n";
  return out;
}

}  // namespace visitor::notify
