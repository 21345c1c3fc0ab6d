#include "db/client_environment.hpp"

#include <memory>

#include "core/error.hpp"
#include "db/libpq.hpp"

namespace visitor::db {

std::vector<std::pair<std::string, Secret>> client_environment(const Secret& conninfo) {
  char* problem = nullptr;
  const std::string text{conninfo.reveal()};
  const std::unique_ptr<PQconninfoOption, FreeConninfo> options{PQconninfoParse(text.c_str(), &problem)};
  PQfreemem(problem);  // may quote the string
  if (!options)
    throw Error(Errc::config, "the connection string of the database cannot be parsed",
                "See 'Connection Strings' in the PostgreSQL manual.");
  std::vector<std::pair<std::string, Secret>> variables;
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->envvar && option->val && *option->val) variables.emplace_back(option->envvar, Secret{option->val});
  return variables;
}

}  // namespace visitor::db
