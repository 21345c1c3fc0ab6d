#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace visitor {

inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// The length of the well-formed UTF-8 sequence at the front of \p text, or 0. Source: Unicode 15, table 3-7.
std::size_t utf8_length(std::string_view text);

/// What a well-formed sequence stands for.
std::uint32_t utf8_point(std::string_view sequence);

}  // namespace visitor
