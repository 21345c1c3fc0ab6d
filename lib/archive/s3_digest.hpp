#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// The checksums that S3 asks for. MD5 is one of them, against bytes that change by accident and not by design.
namespace visitor::archive {

using Md5 = std::array<std::byte, 16>;

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);
Md5 md5(std::string_view bytes);
/// With padding. Source: RFC 4648 section 4.
std::string base64(std::span<const std::byte> bytes);

}  // namespace visitor::archive
