#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_terminal_log.hpp"
#include "store/terminals.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  DoorsShown shown;
  shown.listed = app::resolve_terminal(work, options.terminal);
  shown.doors = app::list_doors(work, shown.listed.terminal.id);
  shown.capabilities = store::Terminals{tx, domain::Scope::everything()}.capabilities(shown.listed.terminal.id);
  session.show(shown, card_of(shown));
  if (shown.doors.empty())
    session.note(fmt::format("No door leads anywhere yet; say so with 'visitorctl door set {} 1 entry' or exit.",
                             shown.listed.terminal.id));
}

}  // namespace

void add_terminal_doors(Command& terminal) {
  auto options = std::make_shared<Options>();
  terminal.add("doors", "Show which way the doors and readers of a terminal lead, and what the terminal can do")
      .details("'visitorctl door list' lists the doors of all terminals.")
      .positional("TERMINAL", options->terminal, "Name or number")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl terminal doors 'Main entrance'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
