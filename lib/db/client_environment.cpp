#include "db/client_environment.hpp"

#include <memory>

#include "core/error.hpp"
#include "db/libpq.hpp"

namespace visitor::db {
namespace {

using Options = std::unique_ptr<PQconninfoOption, FreeConninfo>;

Options parse(const Secret& conninfo) {
  char* problem = nullptr;
  const std::string text{conninfo.reveal()};
  Options options{PQconninfoParse(text.c_str(), &problem)};
  PQfreemem(problem);  // may quote the string
  if (!options)
    throw Error(Errc::config, "the connection string of the database cannot be parsed",
                "See 'Connection Strings' in the PostgreSQL manual.");
  return options;
}

}  // namespace

std::vector<std::pair<std::string, Secret>> client_environment(const Secret& conninfo) {
  const auto options = parse(conninfo);
  std::vector<std::pair<std::string, Secret>> variables;
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->envvar && option->val && *option->val) variables.emplace_back(option->envvar, Secret{option->val});
  return variables;
}

Secret with_database(const Secret& conninfo, const std::string& database) {
  const auto options = parse(conninfo);
  std::string out;
  const auto add = [&out](std::string_view keyword, std::string_view value) {
    out += out.empty() ? "" : " ";
    out += keyword;
    out += "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
    out += '\'';
  };
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->val && *option->val && std::string_view{option->keyword} != "dbname") add(option->keyword, option->val);
  add("dbname", database);
  return Secret{std::string_view{out}};
}

std::string database_of(const Secret& conninfo) {
  const auto options = parse(conninfo);
  for (const auto* option = options.get(); option->keyword; ++option)
    if (std::string_view{option->keyword} == "dbname" && option->val) return option->val;
  return {};
}

}  // namespace visitor::db
