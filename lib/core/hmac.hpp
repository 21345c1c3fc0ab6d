#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/secret.hpp"

namespace visitor {

/// The HMAC-SHA-256 of \p message with \p key, which may have any length. Source: RFC 2104; the tests replay RFC 4231.
std::array<std::byte, 32> hmac_sha256(const Secret& key, std::string_view message);

}  // namespace visitor
