#include "cli/commands.hpp"
#include "cli/incident_options.hpp"

namespace visitor::cli {

void add_incident_resolve(Command& incident) {
  add_incident_step(incident,
                    {.move = app::IncidentMove::resolve,
                     .name = "resolve",
                     .help = "Say that incidents have been dealt with",
                     .note_help = "What was done",
                     .question = "Resolve {} incidents?",
                     .done = "Resolved incident {0}: {1}.",
                     .done_many = "Resolved {} incidents.",
                     .examples = {{"visitorctl incident resolve 7 --note 'talked to the guest'", ""},
                                  {"visitorctl incident resolve --all-matching --type terminal_offline --until today",
                                   "All that were detected before today"}}});
}

}  // namespace visitor::cli
