#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/secret.hpp"

namespace visitor::cli {

/// Whether there is a person to ask: standard input and standard error are terminals.
bool can_ask();

/// Asks on standard error and reads a line. Empty answers give \p otherwise.
/// \throws Error interrupted  the input ended, or Ctrl-C
std::string ask(const std::string& question, const std::string& otherwise);

/// Asks for "yes" or "no"; anything but y, yes counts as no.
bool ask_yes(const std::string& question);

/// Asks without echo.
/// \throws Error interrupted  the input ended, or Ctrl-C
/// \throws Error usage        nothing was typed
Secret ask_secret(const std::string& question);

/// A password as commands take it: from \p file ("-" is standard input) or from a prompt.
/// \throws Error usage  no file is given and nobody can be asked
Secret get_secret(const std::optional<std::filesystem::path>& file, const std::string& question);

}  // namespace visitor::cli
