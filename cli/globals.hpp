#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace visitor::cli {

/// What can stand before or after any sub-command.
struct Globals {
  std::optional<std::filesystem::path> config;
  std::optional<std::string> server;
  std::optional<std::filesystem::path> key_file;
  std::optional<std::filesystem::path> ca_file;
  bool json = false;
  bool no_color = false;
  bool quiet = false;
  bool verbose = false;
  bool version = false;
  bool help = false;
};

}  // namespace visitor::cli
