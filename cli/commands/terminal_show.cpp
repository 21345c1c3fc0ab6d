#include "app/remote/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    const auto listed = app::resolve_terminal(house, options.terminal);
    const auto doors = app::list_doors(house, listed.terminal.id);
    session.show(listed, card_of(listed, doors, session.now()));
  });
}

}  // namespace

void add_terminal_show(Command& terminal) {
  auto options = std::make_shared<Options>();
  terminal.add("show", "Show a terminal, how it is, and its doors")
      .positional("TERMINAL", options->terminal, "Name or number")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl terminal show 'Main entrance'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
