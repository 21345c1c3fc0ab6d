#include "archive/s3_digest.hpp"

#include <sodium.h>

#include <algorithm>

#include "core/text.hpp"

namespace visitor::archive {

std::string sha256_hex(std::string_view bytes) {
  MessageDigest digest{DigestKind::sha256};
  digest.add(bytes);
  return to_hex(digest.finish());
}

Md5 md5(std::string_view bytes) {
  Md5Sum sum;
  sum.add(bytes);
  return sum.value();
}

Md5 Md5Sum::value() {
  Md5 out{};
  std::ranges::copy(digest_.finish(), out.begin());
  return out;
}

std::string base64(std::span<const std::byte> bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the NUL
  return out;
}

}  // namespace visitor::archive
