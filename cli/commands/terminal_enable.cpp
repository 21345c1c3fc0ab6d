#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto id = app::resolve_terminal(work, options.terminal).terminal.id;
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
  auto& command = terminal.add("enable", "Poll a terminal again")
                      .positional("TERMINAL", options->terminal, "Name or number")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl terminal enable 'Main entrance'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
