#include "app/checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kEmailBytes = 254;  // RFC 5321, 4.5.3.1.3

std::string checked(std::string_view field, std::string_view given, std::size_t least, std::size_t most,
                    bool lines_allowed) {
  std::string text{trim(given)};
  if (clean_utf8(text) != text)
    throw Error(Errc::usage, fmt::format("{} is not valid UTF-8", field), "Write it in UTF-8, without NUL bytes.");
  const auto is_control = [&](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && !(lines_allowed && (c == '\n' || c == '\t'))) || c == 0x7F;
  };
  if (std::any_of(text.begin(), text.end(), is_control))
    throw Error(Errc::usage, fmt::format("{} has control characters in it", field), "Write it on one line.");
  const auto length = characters(text);
  if (length < least) throw Error(Errc::usage, fmt::format("{} is missing", field), "Give it one.");
  if (length > most)
    throw Error(Errc::usage, fmt::format("{} has {} characters", field, length),
                fmt::format("{} characters at most.", most));
  return text;
}

}  // namespace

std::string checked_text(std::string_view field, std::string_view text, std::size_t least, std::size_t most) {
  return checked(field, text, least, most, false);
}

std::string checked_note(std::string_view field, std::string_view text, std::size_t most) {
  return checked(field, text, 0, most, true);
}

std::string checked_email(std::string_view given) {
  auto email = checked_text("the e-mail address", given, 0, kEmailBytes);
  if (email.empty()) return email;
  const auto at = email.find('@');
  const bool whole = at != std::string::npos && at > 0 && at + 1 < email.size() && email.rfind('@') == at &&
                     email.find_first_of(" \t<>,;\"") == std::string::npos && email.size() <= kEmailBytes;
  if (!whole)
    throw Error(Errc::usage, fmt::format("'{}' is no e-mail address", email), "Write it as name@example.org.");
  return email;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string near_hint(std::string_view word, const std::vector<std::string>& candidates, std::string_view otherwise) {
  if (const auto near = nearest(word, candidates)) return fmt::format("Did you mean '{}'?", *near);
  return std::string{otherwise};
}

}  // namespace visitor::app
