#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/session.hpp"

namespace visitor::cli {

/// --password-file
/// \param without  what happens where it is not given: "there is a prompt"
void add_password_file(Command& command, std::optional<std::filesystem::path>& file, const std::string& without);

/// The hash of a password that somebody gives to the account \p login: of \p file, or typed twice. Not while a
/// transaction is open.
/// \throws Error usage  it is not a good one, the two differ, or nobody can be asked
std::string get_new_password(Session& session, const std::optional<std::filesystem::path>& file,
                             const std::string& login);

}  // namespace visitor::cli
