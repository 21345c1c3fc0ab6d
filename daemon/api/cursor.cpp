#include "daemon/api/cursor.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "daemon/api/field.hpp"

namespace visitor::api {

std::string to_cursor(const Position& position) {
  return fmt::format("{}.{}", position.at.time_since_epoch().count(), position.id);
}

std::optional<Position> parse_cursor(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto at = to_integer(text.substr(0, dot));
  const auto number = to_integer(text.substr(dot + 1));
  // Years that any reader of a timestamp has: 1 to 9999.
  constexpr std::int64_t kFirst = -62'135'596'800'000'000, kEnd = 253'402'300'800'000'000;
  if (!at || !number || *number < 0 || *number > kLargestId || *at < kFirst || *at >= kEnd) return std::nullopt;
  const Position position{Instant{std::chrono::microseconds{*at}}, *number};
  if (to_cursor(position) != text) return std::nullopt;
  return position;
}

}  // namespace visitor::api
