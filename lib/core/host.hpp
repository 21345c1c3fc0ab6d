#pragma once

#include <string>

namespace visitor {

/// What this machine calls itself, well-formed UTF-8; "localhost" where it has no name.
std::string host_name();

}  // namespace visitor
