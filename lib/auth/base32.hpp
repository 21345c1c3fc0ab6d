#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::auth {

/// \p bytes in the alphabet A–Z2–7, without padding. Source: RFC 4648, section 6; the tests replay its vectors.
std::string to_base32(std::span<const std::byte> bytes);

/// The bytes of such a text. Lower case, and padding at the end, are allowed; nothing else is.
/// \returns nothing for another character, a length that no bytes give, or bits left over that are not zero
std::optional<std::vector<std::byte>> from_base32(std::string_view text);

}  // namespace visitor::auth
