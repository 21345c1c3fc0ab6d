#include "core/blake2b.hpp"

#include <sodium.h>

namespace visitor {

std::array<std::byte, 32> blake2b(std::string_view bytes) {
  std::array<std::byte, 32> hash{};
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  return hash;
}

}  // namespace visitor
