#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor {

/// A key of 32 bytes as people carry it: \p prefix, its hexadecimal digits, and eight more that catch a typing mistake.
std::string key_text(std::string_view prefix, std::span<const std::byte> key);

/// \returns nothing where it is no such key, or mistyped
std::optional<std::vector<std::byte>> read_key_text(std::string_view prefix, std::string_view text);

/// Of the public halves of backup keys.
inline constexpr std::string_view kBackupKeyPrefix = "vbk-";

}  // namespace visitor
