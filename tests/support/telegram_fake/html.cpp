#include "support/telegram_fake/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace visitor::telegram_fake {
namespace {

constexpr std::array<std::string_view, 14> kTags{"a", "b",      "strong", "i",    "em",  "u",          "ins",
                                                 "s", "strike", "del",    "code", "pre", "tg-spoiler", "blockquote"};

/// The next code point of \p text from \p at on, which moves past it; nothing where the bytes are no UTF-8.
std::optional<char32_t> next_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned lead = byte(at);
  int more = 0;
  char32_t point = lead;
  if (lead >= 0xF0 && lead < 0xF5) {
    more = 3;
    point = lead & 7U;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    more = 2;
    point = lead & 15U;
  } else if (lead >= 0xC2 && lead < 0xE0) {
    more = 1;
    point = lead & 31U;
  } else if (lead >= 0x80) {
    return std::nullopt;
  }
  for (int i = 1; i <= more; ++i) {
    const unsigned tail = byte(at + static_cast<std::size_t>(i));
    if (tail < 0x80 || tail > 0xBF) return std::nullopt;
    point = point * 64 + (tail - 0x80);
  }
  constexpr std::array<char32_t, 4> kLeast{0, 0x80, 0x800, 0x10000};
  if (point < kLeast[static_cast<std::size_t>(more)] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
    return std::nullopt;
  at += static_cast<std::size_t>(more) + 1;
  return point;
}

class Parser {
 public:
  explicit Parser(std::string_view html) : html_(html) {}

  std::variant<ParsedHtml, HtmlError> run() {
    if (!is_utf8(html_)) return HtmlError{"strings must be encoded in UTF-8"};
    while (at_ < html_.size() && error_.empty()) {
      const char c = html_[at_];
      if (c == '<')
        tag();
      else if (c == '&')
        entity();
      else
        character();
    }
    if (error_.empty() && !open_.empty())
      error_ = fmt::format("Can't find end tag corresponding to start tag \"{}\"", open_.back().tag);
    if (!error_.empty()) return HtmlError{fmt::format("can't parse entities: {}", error_)};
    return std::move(out_);
  }

 private:
  void character() {
    const auto begin = at_;
    const auto point = next_point(html_, at_);
    out_.text += html_.substr(begin, at_ - begin);
    out_.units += *point > 0xFFFF ? 2 : 1;
  }

  void entity() {
    static const std::map<std::string_view, char> kNamed{{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}};
    const auto end = html_.find(';', at_);
    const auto name = end == std::string_view::npos ? std::string_view{} : html_.substr(at_ + 1, end - at_ - 1);
    const auto known = kNamed.find(name);
    if (known == kNamed.end()) {
      error_ = fmt::format("Unknown entity at byte offset {}", at_);
      return;
    }
    out_.text += known->second;
    ++out_.units;
    at_ = end + 1;
  }

  void tag() {
    const auto end = html_.find('>', at_);
    if (end == std::string_view::npos) {
      error_ = fmt::format("Unclosed start tag at byte offset {}", at_);
      return;
    }
    auto name = html_.substr(at_ + 1, end - at_ - 1);
    const auto begin = at_;
    at_ = end + 1;
    if (name.starts_with('/')) return close(name.substr(1), begin);
    if (const auto blank = name.find(' '); blank != std::string_view::npos) {
      const auto attribute = name.substr(blank + 1);
      name = name.substr(0, blank);
      if (name != "a" || !attribute.starts_with("href=\"") || !attribute.ends_with('"')) {
        error_ = fmt::format("Unexpected attribute at byte offset {}", begin);
        return;
      }
    }
    if (std::find(kTags.begin(), kTags.end(), name) == kTags.end()) {
      error_ = fmt::format("Unsupported start tag \"{}\" at byte offset {}", name, begin);
      return;
    }
    open_.push_back({std::string{name}, out_.units, 0});
  }

  void close(std::string_view name, std::size_t begin) {
    if (open_.empty()) {
      error_ = fmt::format("Unexpected end tag at byte offset {}", begin);
      return;
    }
    if (open_.back().tag != name) {
      error_ = fmt::format("Unmatched end tag at byte offset {}, expected \"</{}>\", found \"</{}>\"", begin,
                           open_.back().tag, name);
      return;
    }
    auto entity = open_.back();
    open_.pop_back();
    entity.length = out_.units - entity.offset;
    if (entity.length > 0) out_.entities.push_back(std::move(entity));
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string error_;
  std::vector<Entity> open_;
  ParsedHtml out_;
};

}  // namespace

std::variant<ParsedHtml, HtmlError> parse_html(std::string_view html) {
  return Parser{html}.run();
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (!next_point(text, at)) return false;
  return true;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = next_point(text, at);
    if (!point) return units;
    units += *point > 0xFFFF ? 2 : 1;
  }
  return units;
}

}  // namespace visitor::telegram_fake
