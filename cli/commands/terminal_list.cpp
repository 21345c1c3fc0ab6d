#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  app::TerminalFilter filter;
  filter.site = find_site(work, options.site);
  const auto terminals = app::list_terminals(work, filter);
  session.list("terminals", terminals, terminal_table(terminals, session.now()));
}

}  // namespace

void add_terminal_list(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command = terminal.add("list", "List terminals by name, and how they are");
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl terminal list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
