#pragma once

#include <string_view>

namespace visitor::archive {

/// Whether \p name may be an object's; archive/target.hpp says what is allowed.
bool is_object_name(std::string_view name);

/// \throws Error usage  it may not
void check_object_name(std::string_view name);

}  // namespace visitor::archive
