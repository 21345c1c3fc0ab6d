#include "auth/token.hpp"

#include <sodium.h>

#include <array>

#include "core/vault.hpp"

namespace visitor::auth {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr auto kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t kTextSize = sodium_base64_ENCODED_LEN(kTokenBytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

}  // namespace

Secret new_token(std::string_view prefix) {
  const Secret bytes{std::span<const std::byte>{random_bytes(kTokenBytes)}};
  std::array<char, 16 + kTextSize> text{};
  prefix.copy(text.data(), prefix.size());
  sodium_bin2base64(text.data() + prefix.size(), kTextSize,
                    reinterpret_cast<const unsigned char*>(bytes.reveal().data()), bytes.size(), kVariant);
  Secret token{std::string_view{text.data(), prefix.size() + kTextSize - 1}};
  sodium_memzero(text.data(), text.size());
  return token;
}

bool is_token(const Secret& text, std::string_view prefix) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto whole = text.reveal();
  return whole.size() == prefix.size() + kTextSize - 1 && whole.starts_with(prefix) &&
         whole.find_first_not_of(kAlphabet, prefix.size()) == std::string_view::npos;
}

std::vector<std::byte> token_hash(const Secret& token) {
  std::vector<std::byte> hash(32);
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(token.reveal().data()), token.size(), nullptr, 0);
  return hash;
}

}  // namespace visitor::auth
