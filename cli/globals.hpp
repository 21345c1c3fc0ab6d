#pragma once

#include <filesystem>
#include <optional>

namespace visitor::cli {

/// What can stand before or after any sub-command.
struct Globals {
  std::optional<std::filesystem::path> config;
  bool json = false;
  bool no_color = false;
  bool quiet = false;
  bool verbose = false;
  bool version = false;
  bool help = false;
};

}  // namespace visitor::cli
