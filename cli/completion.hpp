#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace visitor::cli {

enum class Shell { bash, zsh, fish };

/// What a parameter's values are completed to.
struct Completion {
  enum class From {
    nothing,
    file,
    words,  ///< known beforehand
    asked,  ///< '__complete KIND' knows them when the word is typed
  };
  From from = From::nothing;
  std::vector<std::string> words;
  std::string kind;  ///< "VISIT"
};
Completion completion_of(const Param& param);

/// What '__complete' can be asked for: the upper-case name under which values of that kind stand in help.
inline constexpr std::array<std::string_view, 12> kAskedKinds{"ALERT", "COMMAND",  "DEPARTMENT", "GUEST",
                                                              "HOST",  "INCIDENT", "JOB",        "OPTION",
                                                              "SITE",  "TERMINAL", "VISIT",      "ZONE"};

/// A script for \p shell that completes commands, options, files and values. Commands, options and fixed choices stand
/// in the script; everything else is asked of the program that is being typed, by its hidden command '__complete KIND
/// BEGINNING WORD...', which prints lines of a word, a tab and what it is. Hidden commands are left out.
std::string completion_script(Shell shell, const Command& root, const std::vector<Param>& globals);

/// The part of each script that does not depend on the commands.
extern const std::string_view kBashCompletion;
extern const std::string_view kZshCompletion;
extern const std::string_view kFishCompletion;

}  // namespace visitor::cli
