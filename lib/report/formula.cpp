#include "report/formula.hpp"

#include <algorithm>
#include <array>

namespace visitor::report {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  const auto begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at - begin;
}

/// "-12", "+3.5", "-1,25", "-1e-9".
bool is_number(std::string_view text) {
  std::size_t at = text[0] == '+' || text[0] == '-' ? 1 : 0;
  const auto whole = digits_at(text, at);
  if (whole == 0) return false;
  at += whole;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    const auto part = digits_at(text, at + 1);
    if (part == 0) return false;
    at += 1 + part;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const auto part = digits_at(text, at);
    if (part == 0) return false;
    at += part;
  }
  return at == text.size();
}

/// "+7 (701) 123-45-67": seven to fifteen digits, with blanks, dashes, dots and brackets between them.
bool is_telephone_number(std::string_view text) {
  if (text[0] != '+' || text.size() < 2 || (!is_digit(text[1]) && text[1] != '(') || !is_digit(text.back()))
    return false;
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  return digits >= 7 && digits <= 15 && text.find_first_not_of("0123456789 -.()", 1) == std::string_view::npos;
}

}  // namespace

bool looks_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 4> kFullWidth{"＝", "＋", "－", "＠"};
  if (text.empty()) return false;
  constexpr std::string_view kBegins = "=+-@\t\r";
  if (kBegins.find(text[0]) == std::string_view::npos)
    return static_cast<unsigned char>(text[0]) == 0xEF &&
           std::any_of(kFullWidth.begin(), kFullWidth.end(), [&](auto form) { return text.starts_with(form); });
  return !is_number(text) && !is_telephone_number(text);
}

}  // namespace visitor::report
