#include "app/masking.hpp"

#include <cstdint>

namespace visitor::app {
namespace {

constexpr std::string_view kStars = "********";

bool is_continuation(char c) {
  return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U;
}

/// The first \p bytes of it, without half a character.
std::string_view beginning(std::string_view text, std::size_t bytes) {
  while (bytes < text.size() && is_continuation(text[bytes])) ++bytes;
  return text.substr(0, bytes);
}

std::string_view ending(std::string_view text, std::size_t bytes) {
  auto from = text.size() - bytes;
  while (from < text.size() && is_continuation(text[from])) ++from;
  return text.substr(from);
}

}  // namespace

std::string masked_email(std::string_view address) {
  if (address.empty()) return {};
  const auto at = address.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::string{kStars};
  return std::string{beginning(address, 1)} + "***" + std::string{address.substr(at)};
}

std::string masked_number(std::string_view number) {
  if (number.empty()) return {};
  const std::size_t shown = number.size() >= 8 ? 4 : number.size() >= 5 ? 2 : 0;
  return std::string{kStars} + std::string{ending(number, shown)};
}

}  // namespace visitor::app
