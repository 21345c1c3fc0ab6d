#include "domain/figures.hpp"

#include "core/text.hpp"

namespace visitor::domain {
namespace {

std::string utf8(unsigned code) {
  // Halves of surrogate pairs and NUL stand for no character of their own.
  if (code == 0 || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  std::string out;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
  return out;
}

/// Walks over JSON text; after the first thing that is none it stays at its end.
class Reader {
 public:
  explicit Reader(std::string_view json) : rest_(json) {}

  bool take(char c) {
    blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    std::string out;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return out;
      if (c != '\\') {
        out += c;
        continue;
      }
      if (!escaped(out)) break;
    }
    rest_ = {};
    return std::nullopt;
  }

  /// A number or a word, as it stands there.
  std::string_view bare() {
    blanks();
    const auto end = std::min(rest_.find_first_of(",}] \t\r\n"), rest_.size());
    const auto word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }

  bool at(char c) {
    blanks();
    return !rest_.empty() && rest_.front() == c;
  }

  /// Over an object or a list, whatever is inside.
  void skip_nested() {
    int depth = 0;
    do {
      if (at('"')) {
        string();
        continue;
      }
      if (rest_.empty()) return;
      const char c = rest_.front();
      depth += c == '{' || c == '[';
      depth -= c == '}' || c == ']';
      rest_.remove_prefix(1);
    } while (depth > 0);
  }

 private:
  void blanks() {
    const auto first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(first, rest_.size()));
  }

  bool escaped(std::string& out) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    constexpr std::string_view kLetters = "bfnrt", kMeant = "\b\f\n\r\t";
    if (const auto letter = kLetters.find(c); letter != std::string_view::npos) {
      out += kMeant[letter];
      return true;
    }
    if (c != 'u') {
      out += c;
      return c == '"' || c == '\\' || c == '/';
    }
    const auto bytes = from_hex(rest_.substr(0, 4));
    if (!bytes || bytes->size() != 2) return false;
    out += utf8(std::to_integer<unsigned>((*bytes)[0]) << 8 | std::to_integer<unsigned>((*bytes)[1]));
    rest_.remove_prefix(4);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::string Figures::json() const {
  std::string out;
  for (const auto& [key, value] : members_) {
    out += out.empty() ? '{' : ',';
    out += json_quote(key);
    out += ':';
    if (const auto* text = std::get_if<std::string>(&value))
      out += json_quote(*text);
    else if (const auto* number = std::get_if<std::int64_t>(&value))
      out += std::to_string(*number);
    else
      out += std::get<bool>(value) ? "true" : "false";
  }
  return out.empty() ? "{}" : out + '}';
}

Figures Figures::parse(std::string_view json) {
  Figures figures;
  Reader reader{json};
  if (!reader.take('{')) return figures;
  do {
    const auto key = reader.string();
    if (!key || !reader.take(':')) return figures;
    if (reader.at('"')) {
      auto text = reader.string();
      if (!text) return figures;
      figures.put(*key, *std::move(text));
    } else if (reader.at('{') || reader.at('[')) {
      reader.skip_nested();
    } else if (const auto word = reader.bare(); word == "true" || word == "false") {
      figures.put(*key, word == "true");
    } else if (const auto number = to_integer(word)) {
      figures.put(*key, std::int64_t{*number});
    }
  } while (reader.take(','));
  return figures;
}

std::optional<std::int64_t> Figures::number(std::string_view key) const {
  const auto* value = find<std::int64_t>(key);
  return value ? std::optional{*value} : std::nullopt;
}

std::optional<std::string> Figures::text(std::string_view key) const {
  const auto* value = find<std::string>(key);
  return value ? std::optional{*value} : std::nullopt;
}

bool Figures::flag(std::string_view key) const {
  const auto* value = find<bool>(key);
  return value && *value;
}

}  // namespace visitor::domain
