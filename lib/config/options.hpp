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
  text,         ///< "…"
  address,      ///< an IP address: "127.0.0.1", "::1"
  path,         ///< "…", absolute or relative to the folder of visitor.toml
  secret,       ///< "…"; shown as ***
  integer,      ///< 8
  size,         ///< "64KiB", "1MiB", "1GiB", or bytes as an integer
  span,         ///< "500ms", "90s", "15m", "8h", "7d"
  clock_time,   ///< "06:00" … "24:00"
  choice,       ///< one of Option::choices
  choices,      ///< a list of them
  flag,         ///< true or false
  texts,        ///< ["…", "…"]
  secret_file,  ///< the path of a file that only its owner may read
};

/// "a span of time", for people.
std::string_view meaning(Kind kind);

/// The member of Settings that an option sets.
using Target = std::variant<std::filesystem::path*, Secret*, std::string*, int*, std::uint16_t*, std::size_t*,
                            std::chrono::milliseconds*, std::chrono::seconds*, std::chrono::minutes*,
                            std::vector<std::string>*, bool*, SecretFile*>;

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
  /// What is wrong with a text, or a text of the list, that is good for its kind ("must begin with a slash"); or empty.
  std::string (*wrong)(const std::string&) = nullptr;
  /// In a repeated table, instead of target: the member of the entry of that number, from 0.
  Target (*entry_target)(Settings&, std::size_t) = nullptr;
  bool required = false;  ///< in a repeated table: every entry has it

  /// \param entry  of a repeated table; otherwise without meaning
  Target member(Settings& settings, std::size_t entry = 0) const {
    return entry_target != nullptr ? entry_target(settings, entry) : target(settings);
  }
  /// "visits" and "reentry_grace"; "backup.wal" and "keep".
  std::string_view table() const { return key.substr(0, key.rfind('.')); }
  std::string_view name() const { return key.substr(key.rfind('.') + 1); }
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

/// A table that may stand any number of times, each time with a name of its own: [[webhook]]. Its entries come into
/// force at SIGHUP; their order is that of the file.
struct List {
  std::string_view name;            ///< "webhook"
  std::string_view sentence;        ///< as in Table
  std::span<const Option> options;  ///< keys as "webhook.url"; the first is the name
  std::size_t (*size)(const Settings&);
  void (*resize)(Settings&, std::size_t);
};
/// Every list once, in the order of the sample file, where they follow the tables.
std::span<const List> lists();

/// The name of the entry of that number.
std::string entry_name(const List& list, const Settings& settings, std::size_t entry);

/// \p option's value in \p settings as text of its kind without quotes; lists with ", " between; secrets as "***", or
/// empty where there is none. A span has the largest unit that divides it.
std::string value_text(const Option& option, const Settings& settings, std::size_t entry = 0);

/// The same as it would stand in visitor.toml: quoted, or as a list.
std::string value_toml(const Option& option, const Settings& settings, std::size_t entry = 0);

}  // namespace visitor::config
