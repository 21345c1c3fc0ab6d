#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"
#include "config/settings.hpp"

namespace visitor::config {

/// One thing that is wrong with a configuration.
struct Problem {
  std::filesystem::path file;
  int line = 0;  ///< from 1; 0 where no line is to blame
  /// "polling.interval", "webhook.ops.url" in a list; empty where no key is to blame.
  std::string key;
  std::string message;  ///< lower-case fact, never a secret

  bool operator==(const Problem&) const = default;
};

/// "visitor.toml:3: polling.interval: must be at least 100ms, not 1ms"; parts that are not known are left out.
std::string to_text(const Problem& problem);

/// /etc/visitor/visitor.toml for root, otherwise $XDG_CONFIG_HOME/visitor/visitor.toml ($HOME/.config/…). A service
/// manager's $CONFIGURATION_DIRECTORY goes before both. Source: XDG Base Directory Specification 0.8 (relative values
/// are ignored), systemd.exec(5).
/// \throws Error config  none of the variables is set
std::filesystem::path default_file();

/// /var/lib/visitor for root, otherwise $XDG_STATE_HOME/visitor ($HOME/.local/state/…), after $STATE_DIRECTORY.
/// \throws Error config  none of the variables is set
std::filesystem::path default_state_directory();

/// What a file says, as far as it makes sense.
struct Reading {
  Settings settings;              ///< defaults stand where a value has a problem
  std::vector<Problem> problems;  ///< in the order of the file; empty: the settings are good
};

/// Reads \p file, or default_file() if there is one (then a missing file is no problem: everything has a default). The
/// file has 1 MiB at most. Never throws for what a file says.
Reading read(const std::optional<std::filesystem::path>& file);

/// Sets one option from text, as 'visitor.toml' would say it but without quotes: "8h", "06:00", "3"; the words of a
/// list with commas between. The bounds are those of the file. \returns what is wrong ("must be from 1m to 30d, not
/// 5s"), and then nothing is set; or empty
std::string assign(Settings& settings, const Option& option, std::string_view text);

/// What is wrong between options that are good by themselves, or empty.
std::string contradiction(const Settings& settings);

/// The problems alone, for 'config check'.
std::vector<Problem> check(const std::optional<std::filesystem::path>& file);

/// The settings, if there is no problem at all.
/// \throws Error config  with every problem, a line each
Settings load(const std::optional<std::filesystem::path>& file);

/// A commented visitor.toml with every option at its default. Without the comments it means the same.
std::string sample();

/// One option as 'config show' prints it.
struct Shown {
  std::string key;
  std::string value;   ///< as in visitor.toml; secrets as "***"
  std::string origin;  ///< "file" or "default"
};
/// Every option, in the order of the table; then those of each entry of the lists, as "webhook.ops.url".
std::vector<Shown> show(const Settings& settings);

/// What SIGHUP does with a file that was read anew.
struct Reload {
  Settings settings;  ///< the new ones, except for what only a restart can bring in
  /// Keys that changed and are in force now; of lists, "webhook.ops" for an entry that came or went, and "webhook"
  /// where only the order is another.
  std::vector<std::string> changed;
  std::vector<std::string> need_restart;  ///< keys that changed and are not
};
Reload reload(const Settings& running, const Settings& fresh);

}  // namespace visitor::config
