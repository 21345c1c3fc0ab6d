#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace visitor::net {

/// SHA-256 of a certificate as it goes over the wire (DER): what browsers and `openssl x509 -fingerprint -sha256` show.
struct Fingerprint {
  std::array<std::byte, 32> bytes{};

  auto operator<=>(const Fingerprint&) const = default;
};

/// 64 lower-case hexadecimal digits.
std::string to_text(const Fingerprint& fingerprint);

/// Reads 64 hexadecimal digits of either case, with or without colons between the bytes. Nothing for anything else.
std::optional<Fingerprint> parse_fingerprint(std::string_view text);

}  // namespace visitor::net
