#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace visitor {

/// The unkeyed BLAKE2b-256 of \p bytes. Source: RFC 7693.
std::array<std::byte, 32> blake2b(std::string_view bytes);

}  // namespace visitor
