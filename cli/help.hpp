#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"

namespace visitor::cli {

/// "visitorctl visit list [OPTION...] [GUEST]".
std::string usage_line(const Command& command);

/// The whole help text of a command or a group: usage, sentences, arguments or commands, options, exit statuses,
/// examples.
/// \param globals  listed below the command's own options
/// \param width    to wrap at; lines of examples are left whole
std::string help_text(const Command& command, const std::vector<Param>& globals, std::size_t width);

/// What \p param is for, with its choices, its default and whether it may be repeated; without a full stop.
std::string sentence_of(const Param& param);

/// How wide help is on a terminal of that width; 0 or more than any line has: none.
std::size_t help_width(std::size_t terminal);

/// Every exit status that \p command can end with, in ascending order, and what each means.
std::vector<std::pair<int, std::string>> exit_statuses(const Command& command);

/// \p text in lines of at most \p width columns, each after \p indent blanks; line feeds stay.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width);

}  // namespace visitor::cli
