#include "core/exact_moment.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor {
namespace {

/// Whether it means another moment where the clock shows another time.
bool is_local(std::string_view text, Instant now) {
  return parse_moment(text, now, Zone::utc()) != parse_moment(text, now, Zone::named("Etc/GMT-14"));
}

}  // namespace

Instant parse_exact_moment(std::string_view text, Instant now, const Zone& zone) {
  const auto first = parse_moment(text, now, zone);
  if (!is_local(text, now)) return first;
  const auto shown = zone.local(first);
  const Instant second = Instant{shown.time_since_epoch()} - zone.offset(first + std::chrono::hours{24});
  if (second == first || zone.local(second) != shown) return first;
  throw Error(Errc::usage, fmt::format("'{}' comes twice on the clock of {}", text, zone.name()),
              fmt::format("Say which: {} or {}.", zone.iso(first), zone.iso(second)));
}

}  // namespace visitor
