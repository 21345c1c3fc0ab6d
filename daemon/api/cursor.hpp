#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/instant.hpp"

namespace visitor::api {

/// Where a page of a list ended: what it is ordered by, and the number of the last row.
struct Position {
  Instant at;
  std::int64_t id = 0;
};
/// What stands in an address.
std::string to_cursor(const Position& position);
/// \returns nothing where \p text is not what to_cursor() makes
std::optional<Position> parse_cursor(std::string_view text);

}  // namespace visitor::api
