#include "net/fingerprint.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace visitor::net {

std::string to_text(const Fingerprint& fingerprint) {
  return to_hex(fingerprint.bytes);
}

std::optional<Fingerprint> parse_fingerprint(std::string_view text) {
  std::string digits;
  for (const char c : text.substr(0, 256)) {
    if (c != ':') digits += c;
  }
  const auto bytes = from_hex(digits);
  Fingerprint result;
  if (!bytes || bytes->size() != result.bytes.size()) return std::nullopt;
  std::ranges::copy(*bytes, result.bytes.begin());
  return result;
}

}  // namespace visitor::net
