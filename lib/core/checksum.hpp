#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace visitor {

/// 128 bits that tell one text from another, at twice the speed of blake2b(). Everywhere the same, and no secret:
/// whoever wants two texts with one checksum can find them, nobody comes upon them by accident. Source:
/// SipHash-2-4-128.
std::array<std::byte, 16> checksum(std::string_view bytes);

}  // namespace visitor
