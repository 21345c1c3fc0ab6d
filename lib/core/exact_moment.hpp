#pragma once

#include <string_view>

#include "core/zone.hpp"

namespace visitor {

/// As parse_moment, for what must not be guessed: a wall clock time that comes twice, because the clock goes back then,
/// is refused.
/// \throws Error usage  as parse_moment; also where it comes twice, and the hint has both with their offsets
Instant parse_exact_moment(std::string_view text, Instant now, const Zone& zone);

}  // namespace visitor
