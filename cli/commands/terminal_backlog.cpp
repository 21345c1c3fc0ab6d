#include "app/backlog.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_terminal_log.hpp"

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
  const auto backlogs = app::list_backlog(work, terminal);
  session.list("terminals", backlogs, backlog_table(backlogs, session.now()));
}

}  // namespace

void add_terminal_backlog(Command& terminal) {
  auto options = std::make_shared<Options>();
  terminal.add("backlog", "List what terminals hold that has not been read yet, and how long that will take")
      .details(
          "Backlog is what the terminal said when it was asked last; everything up to the cursor, by its clock, is "
          "stored. The rate is that of the last five minutes.")
      .positional("TERMINAL", options->terminal, "Only this one, by name or number")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl terminal backlog")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
