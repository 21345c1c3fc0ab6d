#pragma once

#include <string>
#include <string_view>

#include "core/instant.hpp"

namespace visitor {

/// json_quote(text) at the end of \p out.
void append_json_quoted(std::string& out, std::string_view text);
/// json_quote(to_iso(instant)) at the end of \p out.
void append_json_quoted(std::string& out, Instant instant);

}  // namespace visitor
