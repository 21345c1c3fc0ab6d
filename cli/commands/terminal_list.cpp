#include "app/remote/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  const auto terminals = read_house(session, [&](auto& house) {
    app::TerminalFilter filter;
    filter.site = find_site(house, options.site);
    return app::list_terminals(house, filter);
  });
  session.list("terminals", terminals, terminal_table(terminals, session.now()));
}

}  // namespace

void add_terminal_list(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command = terminal.add("list", "List terminals by name, and how they are");
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl terminal list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
