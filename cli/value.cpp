#include "cli/value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::cli::detail {

std::string parse_text(std::string_view words) {
  std::string text{words};
  if (clean_utf8(text) != text) throw Error(Errc::usage, "is not UTF-8", "Set a UTF-8 locale, such as LANG=C.UTF-8.");
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(text.begin(), text.end(), control)) throw Error(Errc::usage, "holds a control character");
  if (trim(text).empty()) throw Error(Errc::usage, "is empty");
  return text;
}

std::int64_t parse_number(std::string_view words, const Bounds& bounds) {
  const auto number = to_integer(words);
  if (!number || *number < bounds.least || *number > bounds.most)
    throw Error(Errc::usage,
                fmt::format("'{}' is not a number from {} to {}", parse_text(words), bounds.least, bounds.most));
  return *number;
}

std::int64_t parse_id(std::string_view words) {
  auto digits = words;
  if (digits.starts_with('#')) digits.remove_prefix(1);
  const auto number = to_integer(digits);
  if (!number || *number <= 0)
    throw Error(Errc::usage, fmt::format("'{}' is not a number as the lists show it", parse_text(words)));
  return *number;
}

std::chrono::seconds parse_seconds(std::string_view words) {
  if (const auto span = parse_span(words)) return *span;
  throw Error(Errc::usage, fmt::format("'{}' is not a span of time", parse_text(words)),
              "Write it like 90s, 15m, 8h or 7d.");
}

Moment parse_moment_words(std::string_view words) {
  auto text = parse_text(words);
  parse_moment(text, SystemClock{}.now(), Zone::utc());
  return {std::move(text)};
}

void refuse_word(std::string_view words, const std::vector<std::string>& choices) {
  const auto near = nearest(words, choices);
  throw Error(Errc::usage, fmt::format("'{}' is none of {}", parse_text(words), fmt::join(choices, ", ")),
              near ? fmt::format("Did you mean '{}'?", *near) : "");
}

bool same_word(std::string_view a, std::string_view b) {
  return equal_ignoring_case(a, b);
}

}  // namespace visitor::cli::detail
