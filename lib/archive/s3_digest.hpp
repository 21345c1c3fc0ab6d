#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/message_digest.hpp"

/// The checksums that S3 asks for. MD5 is one of them, against bytes that change by accident and not by design.
namespace visitor::archive {

using Md5 = std::array<std::byte, 16>;

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);
Md5 md5(std::string_view bytes);

/// The MD5 of bytes that come one after the other.
class Md5Sum {
 public:
  void add(std::string_view bytes) { digest_.add(bytes); }
  /// Of all so far. Once, at the end.
  Md5 value();

 private:
  MessageDigest digest_{DigestKind::md5};
};

/// With padding. Source: RFC 4648 section 4.
std::string base64(std::span<const std::byte> bytes);

}  // namespace visitor::archive
