#pragma once

#include <optional>
#include <string_view>

#include "core/clock.hpp"

namespace visitor::net {

/// The moment that an HTTP header names, "Sun, 06 Nov 1994 08:49:37 GMT"; nothing where it is not written so.
/// Source: RFC 9110 section 5.6.7, without its two obsolete forms.
std::optional<Instant> read_http_date(std::string_view text);

}  // namespace visitor::net
