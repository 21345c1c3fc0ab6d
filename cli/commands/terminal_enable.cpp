#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
  std::optional<std::filesystem::path> password_file;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  std::optional<Secret> password;
  if (options.password_file) password = get_secret(options.password_file, "Password of " + options.terminal);
  const auto& vault = session.vault();
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto id = app::resolve_terminal(work, options.terminal).terminal.id;
  if (password) app::set_terminal_password(work, vault, id, *password);
  const bool changed = app::enable_terminal(work, id);
  const auto listed = app::get_terminal(work, id);
  finish(tx, options.dry_run);
  session.done(listed,
               fmt::format("Terminal {}, {}, {} enabled.", id, listed.terminal.name, changed ? "is" : "was already"),
               options.dry_run);
}

}  // namespace

void add_terminal_enable(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command = terminal.add("enable", "Poll a terminal again, with another password where it refused the old one")
                      .positional("TERMINAL", options->terminal, "Name or number")
                      .required()
                      .option("--password-file", "FILE", options->password_file,
                              "File with a new password in its first line; '-' is standard input")
                      .takes_file();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl terminal enable 'Main entrance'")
      .example("visitorctl terminal enable 3 --password-file new-password")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
