#pragma once

#include <string>
#include <string_view>

namespace visitor {

/// \p text as HTML and XML show it, between tags and in quoted attributes: & < > " ' become references. Other bytes
/// stay.
std::string escape_markup(std::string_view text);

}  // namespace visitor
