#include "core/key_text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace visitor {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kCheckBytes = 4;

std::array<std::byte, kCheckBytes> check_of(std::string_view prefix, std::span<const std::byte> key) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash_state state{};
  crypto_generichash_init(&state, nullptr, 0, hash.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(prefix.data()), prefix.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_generichash_final(&state, hash.data(), hash.size());
  std::array<std::byte, kCheckBytes> check{};
  std::transform(hash.begin(), hash.begin() + kCheckBytes, check.begin(), [](auto byte) { return std::byte{byte}; });
  return check;
}

}  // namespace

std::string key_text(std::string_view prefix, std::span<const std::byte> key) {
  return std::string{prefix} + to_hex(key) + to_hex(check_of(prefix, key));
}

std::optional<std::vector<std::byte>> read_key_text(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  auto bytes = from_hex(text.substr(prefix.size()));
  if (!bytes || bytes->size() != kKeyBytes + kCheckBytes) return std::nullopt;
  const auto check = check_of(prefix, std::span{*bytes}.first(kKeyBytes));
  if (!std::equal(check.begin(), check.end(), bytes->begin() + kKeyBytes)) return std::nullopt;
  bytes->resize(kKeyBytes);
  return bytes;
}

}  // namespace visitor
