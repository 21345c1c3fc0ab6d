#include "cli/commands.hpp"
#include "cli/incident_options.hpp"

namespace visitor::cli {

void add_incident_reopen(Command& incident) {
  add_incident_step(incident, {.move = app::IncidentMove::reopen,
                               .name = "reopen",
                               .help = "Take up incidents that had ended",
                               .note_help = "Why",
                               .question = "Reopen {} incidents?",
                               .done = "Reopened incident {0}: {1}.",
                               .done_many = "Reopened {} incidents.",
                               .examples = {{"visitorctl incident reopen 7 --note 'it happened again'", ""}}});
}

}  // namespace visitor::cli
