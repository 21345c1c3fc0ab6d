#include <fmt/format.h>

#include "app/terminal_edit.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto listed = [&] {
    db::Transaction tx{session.db(), kReading};
    return app::resolve_terminal(session.reader(tx), options.terminal);
  }();
  const auto& terminal = listed.terminal;
  if (!options.dry_run)
    session.confirm(fmt::format("Remove terminal {}, {}, with its doors?", terminal.id, terminal.name), options.yes);
  db::Transaction tx{session.db()};
  app::remove_terminal(session.work(tx), terminal.id);
  finish(tx, options.dry_run);
  session.done(listed, fmt::format("Removed terminal {}: {}.", terminal.id, terminal.name), options.dry_run);
}

}  // namespace

void add_terminal_remove(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command = terminal.add("remove", "Remove a terminal that has never reported anything; this cannot be undone")
                      .details(
                          "What a terminal reported is never deleted, and names it: such a terminal can only be "
                          "disabled. The message says what refers to it.")
                      .positional("TERMINAL", options->terminal, "Name or number")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl terminal remove 'Main entrance' --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
