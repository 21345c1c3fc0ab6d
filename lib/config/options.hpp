#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace visitor::config {

/// How a value is written in visitor.toml.
enum class Kind : std::uint8_t {
  text,        ///< "…"
  address,     ///< an IP address: "127.0.0.1", "::1"
  path,        ///< "…", absolute or relative to the folder of visitor.toml
  secret,      ///< "…"; shown as ***
  integer,     ///< 8
  size,        ///< "64KiB", "1MiB", "1GiB", or bytes as an integer
  span,        ///< "500ms", "90s", "15m", "8h", "7d"
  clock_time,  ///< "06:00" … "24:00"
  choice,      ///< one of Option::choices
  choices,     ///< a list of them
};

/// "a span of time", for people.
std::string_view meaning(Kind kind);

/// The member of Settings that an option sets.
using Target =
    std::variant<std::filesystem::path*, Secret*, std::string*, int*, std::uint16_t*, std::size_t*,
                 std::chrono::milliseconds*, std::chrono::seconds*, std::chrono::minutes*, std::vector<std::string>*>;

/// One option: what feeds the parser, the sample file and the manual page.
struct Option {
  std::string_view key;  ///< "visits.reentry_grace": table, dot, name
  Kind kind;
  std::string_view fallback;  ///< default as text; empty: none, or as the sentence says
  std::string_view minimum;   ///< as text of the same kind; empty: none
  std::string_view maximum;
  std::span<const std::string_view> choices;
  bool reloadable;           ///< SIGHUP brings it in; others need a restart of visitord
  std::string_view example;  ///< for the sample file where there is no default
  std::string_view sentence;
  Target (*target)(Settings&);
};

/// Every option once, grouped by table, in the order of the sample file.
std::span<const Option> options();

/// The option of that key, or nullptr.
const Option* find_option(std::string_view key);

/// What a table is about: the line above "[polling]" in the sample file.
struct Table {
  std::string_view name;
  std::string_view sentence;
};
/// Every table once, in the order of options().
std::span<const Table> tables();

/// \p option's value in \p settings as text of its kind without quotes; lists with ", " between; secrets as "***", or
/// empty where there is none. A span has the largest unit that divides it.
std::string value_text(const Option& option, const Settings& settings);

/// The same as it would stand in visitor.toml: quoted, or as a list.
std::string value_toml(const Option& option, const Settings& settings);

}  // namespace visitor::config
