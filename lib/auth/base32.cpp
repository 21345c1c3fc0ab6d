#include "auth/base32.hpp"

#include <cstdint>

namespace visitor::auth {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr int kBits = 5;  // of one character

std::optional<unsigned> value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto at = kAlphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

}  // namespace

std::string to_base32(std::span<const std::byte> bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    held = held << 8 | std::to_integer<std::uint32_t>(byte);
    for (bits += 8; bits >= kBits; bits -= kBits) text += kAlphabet[held >> (bits - kBits) & 31];
    held &= 0xff;
  }
  if (bits > 0) text += kAlphabet[held << (kBits - bits) & 31];
  return text;
}

std::optional<std::vector<std::byte>> from_base32(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::vector<std::byte> bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = value_of(c);
    if (!value) return std::nullopt;
    held = (held << kBits | *value) & 0xfff;
    bits += kBits;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::byte>(held >> bits & 0xff));
  }
  // A whole character that adds no byte, or bits that encoding would have left zero, come from no bytes.
  if (bits >= kBits || (held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace visitor::auth
