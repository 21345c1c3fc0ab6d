#include "app/remote/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> terminal;
};

void run(const Options& options, Session& session) {
  const auto doors = read_house(session, [&](auto& house) {
    std::optional<TerminalId> terminal;
    if (options.terminal) terminal = app::resolve_terminal(house, *options.terminal).terminal.id;
    return app::list_doors(house, terminal);
  });
  session.list("doors", doors, door_table(doors));
}

}  // namespace

void add_door_list(Command& door) {
  auto options = std::make_shared<Options>();
  door.add("list", "List doors and which way they lead")
      .positional("TERMINAL", options->terminal, "Only of this terminal, by name or number")
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl door list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
