#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace visitor::auth {

/// \p address as an IP address in its usual form, an IPv4 address inside of IPv6 as that; nothing where it is none.
std::optional<std::string> plain_address(std::string_view address);

/// What counts as one place that tries come from: an IPv4 address, the first 64 bits of an IPv6 address (which is what
/// one subscriber has), or the text as it is.
std::string source_of(std::string_view address);

/// \p text as a network with its length ("10.0.0.0/8", "192.0.2.7/32"); nothing where it is none.
std::optional<std::string> plain_network(std::string_view text);

}  // namespace visitor::auth
