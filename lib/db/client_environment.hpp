#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/secret.hpp"

namespace visitor::db {

/// A connection string as the environment variables that psql and pg_dump read (PGHOST, PGPASSWORD, …), so that nothing
/// of it stands in a command line. Settings without such a variable (keep-alives) are left out.
/// \throws Error config  the string cannot be parsed (its text is not repeated)
/// Source: PostgreSQL manual, section "Environment Variables" of libpq.
std::vector<std::pair<std::string, Secret>> client_environment(const Secret& conninfo);

}  // namespace visitor::db
