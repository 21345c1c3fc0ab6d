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

/// The same way to another database of that server.
/// \throws Error config  the string cannot be parsed
Secret with_database(const Secret& conninfo, const std::string& database);

/// The database that a connection string names, or nothing where it leaves that to libpq.
/// \throws Error config  the string cannot be parsed
std::string database_of(const Secret& conninfo);

}  // namespace visitor::db
