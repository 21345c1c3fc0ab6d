#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> terminal;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  std::optional<TerminalId> terminal;
  if (options.terminal) terminal = app::resolve_terminal(work, *options.terminal).terminal.id;
  const auto doors = app::list_doors(work, terminal);
  session.list("doors", doors, door_table(doors));
}

}  // namespace

void add_door_list(Command& door) {
  auto options = std::make_shared<Options>();
  door.add("list", "List doors and which way they lead")
      .positional("TERMINAL", options->terminal, "Only of this terminal, by name or number")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl door list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
