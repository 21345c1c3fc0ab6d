#include "core/telegram_token.hpp"

#include <algorithm>

namespace visitor {

bool is_telegram_token(std::string_view token) {
  constexpr std::size_t kMostDigits = 18, kLeastLetters = 8, kLongest = 200;
  const auto colon = token.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > kMostDigits || token.size() > kLongest) return false;
  const auto secret = token.substr(colon + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [&](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  };
  return std::ranges::all_of(token.substr(0, colon), is_digit) && secret.size() >= kLeastLetters &&
         std::ranges::all_of(secret, is_letter);
}

}  // namespace visitor
