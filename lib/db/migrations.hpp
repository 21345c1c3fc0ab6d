#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace visitor::db {

/// One forward step of the schema, as it was when this binary was built.
struct Migration {
  int version;       ///< 1, 2, 3 … without gaps
  std::string what;  ///< the part of the file name after "V0001__"
  std::string sql;
};

/// Every migration in order. Generated from lib/db/migrations/V*.sql by the build.
const std::vector<Migration>& embedded_migrations();

}  // namespace visitor::db
