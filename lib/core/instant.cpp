#include "core/instant.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "core/json_text.hpp"

namespace visitor {
namespace {

/// \returns behind what was written
char* put(char* at, int digits, long long value) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + digits;
}

// By hand: a page of an API's answer has hundreds of these.
std::string_view write_iso(Instant instant, std::array<char, 32>& text) {
  using namespace std::chrono;
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{instant - day};
  auto* at = text.data();
  const auto two = [&at](char before, long long value) {
    *at++ = before;
    at = put(at, 2, value);
  };
  const int year{date.year()};
  if (year < 0 || year > 9999)
    at = fmt::format_to(at, "{:04}", year);
  else
    at = put(at, 4, year);
  two('-', static_cast<unsigned>(date.month()));
  two('-', static_cast<unsigned>(date.day()));
  two('T', time.hours().count());
  two(':', time.minutes().count());
  two(':', time.seconds().count());
  if (const auto fraction = time.subseconds().count(); fraction != 0) {
    *at++ = '.';
    at = put(at, 6, fraction);
    while (at[-1] == '0') --at;
  }
  *at++ = 'Z';
  return {text.data(), static_cast<std::size_t>(at - text.data())};
}

}  // namespace

std::string to_iso(Instant instant) {
  std::array<char, 32> text;
  return std::string{write_iso(instant, text)};
}

void append_json_quoted(std::string& out, Instant instant) {
  std::array<char, 32> text;
  out += '"';
  out += write_iso(instant, text);
  out += '"';
}

}  // namespace visitor
