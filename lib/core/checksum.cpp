#include "core/checksum.hpp"

#include <sodium.h>

namespace visitor {

std::array<std::byte, 16> checksum(std::string_view bytes) {
  constexpr std::array<unsigned char, crypto_shorthash_siphashx24_KEYBYTES> kNoSecret{};
  std::array<std::byte, 16> out{};
  static_assert(crypto_shorthash_siphashx24_BYTES == out.size());
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(out.data()),
                              reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), kNoSecret.data());
  return out;
}

}  // namespace visitor
