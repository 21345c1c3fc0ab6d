#include "app/terminal_edit.hpp"
#include "cli/commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {

void add_terminal_remove(Command& terminal) {
  add_remove(
      terminal,
      {.what = "terminal",
       .argument = "TERMINAL",
       .help = "Remove a terminal that has never reported anything; this cannot be undone",
       .details = "What a terminal reported is never deleted, and names it: such a terminal can only be disabled. The "
                  "message says what refers to it.",
       .together_with = ", with its doors",
       .example = "visitorctl terminal remove 'Main entrance' --yes"},
      [](const app::Work& work, const RemoveOptions& options) { return app::resolve_terminal(work, options.thing); },
      &app::TerminalListed::terminal, app::remove_terminal);
}

}  // namespace visitor::cli
