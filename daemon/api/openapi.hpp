#pragma once

#include <string>

#include "daemon/api/route.hpp"

namespace visitor::api {

/// The OpenAPI 3.1 document of these routes.
std::string openapi(const Table& table);

}  // namespace visitor::api
