#include "app/backlog.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_terminal_log.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> terminal;
  bool all = false;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  std::optional<TerminalId> terminal;
  if (options.terminal) terminal = app::resolve_terminal(work, *options.terminal).terminal.id;
  auto gaps = app::list_gaps(work, terminal, options.all, options.limit + 1);
  cut(gaps, options.limit, session);
  session.list("gaps", gaps, gap_table(gaps, session.now()));
}

}  // namespace

void add_terminal_gaps(Command& terminal) {
  auto options = std::make_shared<Options>();
  auto& command =
      terminal.add("gaps", "List serial numbers that terminals skipped, and what was tried to get them")
          .details(
              "A terminal numbers what it reports. Where numbers are missing they are asked for once more: open gaps "
              "will be, missing ones were asked for and the terminal does not have them, filled ones came after all.")
          .positional("TERMINAL", options->terminal, "Only this one, by name or number")
          .flag("-a,--all", options->all, "Also those that were filled");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl terminal gaps 'Main entrance'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
