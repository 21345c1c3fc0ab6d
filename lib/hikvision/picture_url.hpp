#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace visitor::hikvision {

/// What to ask the terminal itself for where an event names the picture \p url: its path and query. The host in it is
/// often one that the terminal no longer has, and always the terminal's word: it is left out.
/// \returns nothing where it is no address of a picture, or longer than 1,000 bytes
/// Source: HIKVISION.md section 2, Pictures.
std::optional<std::string> picture_target(std::string_view url);

}  // namespace visitor::hikvision
