#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace visitor::cli {

/// A script for bash that completes commands, options, files and the values that are a fixed choice. Hidden commands
/// are left out.
std::string bash_completion(const Command& root, const std::vector<Param>& globals);

}  // namespace visitor::cli
