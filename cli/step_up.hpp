#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/second_factors.hpp"
#include "cli/command.hpp"
#include "cli/session.hpp"
#include "core/secret.hpp"
#include "core/vault.hpp"
#include "db/pool.hpp"

/// Codes of authenticators at the command line: typed at a prompt or read from a file, never an argument.
namespace visitor::cli {

/// --code-file
void add_code_file(Command& command, std::optional<std::filesystem::path>& file);

/// \throws Error usage  no file is given and nobody can be asked
Secret get_code(const std::optional<std::filesystem::path>& file, const std::string& question);

/// The moment for checking a code, which may have been typed long after the command began.
app::Work at_this_moment(app::Work work);

/// Shows \p code of \p login in a transaction of its own: spent, and on record, whatever comes next.
/// \throws Error denied  it is wrong, was used before, or too many were wrong
void show_code(Session& session, db::Pool& pool, const Vault& vault, const std::string& login, const Secret& code);

/// Before what asks for a fresh code. Of a house elsewhere the one of \p code_file is shown in the session whose token
/// the key is; without one visitord says whether it wants one. Here the actor is the operating system's user (under
/// sudo the one who called it), and is asked where his account has an authenticator. Where it has none, and no role of
/// it asks for one, nothing is asked: whoever may run this at all can read the master key and the database. \throws
/// Error denied  the code is wrong or was used before, or a role asks for an authenticator and there is none \throws
/// Error usage   nobody can be asked
void step_up(Session& session, const std::optional<std::filesystem::path>& code_file);
/// The same where what is needed is known, of the accounts in the database of \p pool.
void step_up(Session& session, app::StepUpNeed need, db::Pool& pool, const Vault& vault,
             const std::optional<std::filesystem::path>& code_file);

/// The same of commands that must also work where the database is gone: there nobody is asked.
void step_up_if_any(Session& session, const std::optional<std::filesystem::path>& code_file);

/// What the manual says of a command that calls step_up().
inline constexpr auto kStepUpDetails =
    "Where your account has an authenticator, a code of it is asked for; where a role of it asks for one and there is "
    "none, this is refused.";

/// What it says besides of one that works with a house elsewhere, too.
inline constexpr auto kStepUpThereDetails =
    " With --server it takes the access token of a session in --key-file, for no API key can show a code, and the code "
    "in "
    "--code-file.";

}  // namespace visitor::cli
