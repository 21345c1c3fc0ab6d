#pragma once

#include <string>

#include "daemon/api/route.hpp"

namespace visitor::api {

/// The same as a page for people. It loads nothing.
std::string docs_page(const Table& table);

}  // namespace visitor::api
