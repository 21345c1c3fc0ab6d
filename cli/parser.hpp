#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace visitor::cli {

/// What the words of a command line were found to mean.
struct Parsed {
  const Command* command = nullptr;  ///< the deepest one named; a group where the words end too early
  /// Values in the order given, for Param::set.
  struct Given {
    const Param* param;
    std::vector<std::string> values;
  };
  std::vector<Given> given;
  /// What does not fit, found but not thrown, so that --help and --json still count.
  std::optional<Error> problem;
};

/// Reads the words after the program's name. Options may stand before, between and after positional arguments; "--"
/// ends them; "--name=value" and "-nVALUE" are understood; a value may begin with a dash.
///
/// \param root     the program, with its commands as children
/// \param globals  parameters allowed at every level
/// Parsed::problem has code usage, and names the nearest command or option where one is near.
Parsed parse(const Command& root, const std::vector<Param>& globals, std::vector<std::string> words);

/// Hands each value to its parameter, and checks that nothing required is missing.
/// \throws Error usage  the message begins with the parameter's name
void apply(const Parsed& parsed);

}  // namespace visitor::cli
