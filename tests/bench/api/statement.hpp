#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::bench {

/// A statement of the daemon's, as the server was asked to run it.
struct Statement {
  std::string sql;                                     ///< with $1, $2, …
  std::vector<std::optional<std::string>> parameters;  ///< as text; nothing: NULL

  /// Where the parameters are \p text. \throws Error failed  nowhere
  std::size_t position_of(std::string_view text) const;
};

/// The last statement in a log of PostgreSQL's, written with log_min_duration_statement = 0, that has all of \p words
/// in it. \param log  what was written \throws Error failed  there is none
Statement last_statement(const std::string& log, const std::vector<std::string_view>& words);

/// A script for pgbench -M prepared that runs \p statement again and again. Each parameter that is not NULL is a
/// variable and so becomes a parameter again; NULL stands there as it is, because pgbench has no such variable.
struct Script {
  std::string text;
  std::vector<std::string> definitions;  ///< arguments for pgbench: "-D", "p2={1}"
};
/// \param random  this parameter is a number from 1 to \p most, another one each time
Script pgbench_script(const Statement& statement, std::optional<std::size_t> random, long long most);

}  // namespace visitor::bench
