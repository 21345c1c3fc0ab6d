#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace visitor::config {

/// Where visitorctl finds the house when that is another machine: remote.toml, a file of its own, so that nothing in
/// visitor.toml sends the commands of a server somewhere else.
struct Remote {
  std::string server;              ///< "https://visitor.example.org"
  std::filesystem::path key_file;  ///< an API key; empty: the command line names it
  std::filesystem::path ca_file;   ///< PEM; empty: the system's authorities alone
};

/// Reads a remote.toml: server, key_file and ca_file.
/// \param file  for messages, and what relative paths are relative to
/// \throws Error config  every problem, a line each: "remote.toml:2: key_file: must be text in quotes"
Remote parse_remote(std::string_view text, const std::filesystem::path& file);

/// What remote.toml beside default_file() says; nothing where there is none, or where this machine has a visitor.toml:
/// one that is named with --config, or the default one. A machine with a house of its own works with that.
/// \param config  what --config says
/// \throws Error config  it cannot be read or has problems, or others may read the key that it names
std::optional<Remote> find_remote(const std::optional<std::filesystem::path>& config);

}  // namespace visitor::config
