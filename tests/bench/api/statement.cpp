#include "statement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::bench {
namespace {

constexpr std::string_view kExecute = "execute v";
constexpr std::string_view kParameters = "parameters: ";

/// The entries of the log, each with what goes on in further lines, which are indented.
std::vector<std::string> entries_of(const std::string& log) {
  std::vector<std::string> entries;
  for (std::size_t at = 0; at < log.size();) {
    const auto end = std::min(log.find('\n', at), log.size());
    const auto line = std::string_view{log}.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && (line.front() == '\t' || line.front() == ' ') && !entries.empty())
      entries.back() += fmt::format("\n{}", trim(line));
    else
      entries.emplace_back(line);
  }
  return entries;
}

/// "$1 = '4711', $2 = NULL"
std::vector<std::optional<std::string>> read_parameters(std::string_view text) {
  std::vector<std::optional<std::string>> values;
  for (;;) {
    const auto equals = text.find(" = ");
    if (equals == text.npos) return values;
    text.remove_prefix(equals + 3);
    if (!text.starts_with('\'')) {
      values.emplace_back();
      continue;
    }
    std::string value;
    std::size_t at = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '\'' && (at + 1 == text.size() || text[++at] != '\'')) break;
      value += text[at];
    }
    text.remove_prefix(std::min(at, text.size()));
    values.emplace_back(std::move(value));
  }
}

}  // namespace

std::size_t Statement::position_of(std::string_view text) const {
  const auto found = std::ranges::find(parameters, std::optional<std::string>{text});
  if (found == parameters.end()) throw Error(Errc::failed, fmt::format("no parameter is {}: {}", text, sql));
  return static_cast<std::size_t>(found - parameters.begin());
}

Statement last_statement(const std::string& log, const std::vector<std::string_view>& words) {
  Statement statement;
  const auto entries = entries_of(log);
  for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
    const std::string_view entry{entries[i]};
    const auto execute = entry.find(kExecute);
    const auto parameters = entries[i + 1].find(kParameters);
    if (execute == entry.npos || parameters == std::string::npos) continue;
    if (!std::ranges::all_of(words, [&](std::string_view word) { return entry.find(word) != entry.npos; })) continue;
    statement.sql = entry.substr(entry.find(": ", execute) + 2);
    statement.parameters = read_parameters(std::string_view{entries[i + 1]}.substr(parameters + kParameters.size()));
  }
  if (statement.sql.empty())
    throw Error(Errc::failed, fmt::format("the server did not write down a statement with {}", words.front()));
  return statement;
}

Script pgbench_script(const Statement& statement, std::optional<std::size_t> random, long long most) {
  Script script;
  if (random) script.text = fmt::format("\\set p{} random(1, {})\n", *random + 1, most);
  std::string_view rest = statement.sql;
  for (auto dollar = rest.find('$'); dollar != rest.npos; dollar = rest.find('$')) {
    const auto digits = std::min(rest.find_first_not_of("0123456789", dollar + 1), rest.size());
    const auto number = static_cast<std::size_t>(to_integer(rest.substr(dollar + 1, digits - dollar - 1)).value_or(0));
    script.text += rest.substr(0, dollar);
    script.text += statement.parameters.at(number - 1) ? fmt::format(":p{}", number) : "NULL";
    rest.remove_prefix(digits);
  }
  script.text += fmt::format("{};\n", rest);
  for (std::size_t i = 0; i < statement.parameters.size(); ++i)
    if (const auto& value = statement.parameters[i]; value && i != random)
      script.definitions.insert(script.definitions.end(), {"-D", fmt::format("p{}={}", i + 1, *value)});
  return script;
}

}  // namespace visitor::bench
