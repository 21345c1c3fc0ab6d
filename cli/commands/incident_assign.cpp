#include "cli/commands.hpp"
#include "cli/incident_options.hpp"

namespace visitor::cli {

void add_incident_assign(Command& incident) {
  add_incident_step(
      incident, {.move = app::IncidentMove::assign,
                 .name = "assign",
                 .help = "Give incidents to somebody, which begins the investigation",
                 .note_help = "Why",
                 .question = "Assign {} incidents?",
                 .done = "Assigned incident {0} to {2}.",
                 .done_many = "Assigned {} incidents.",
                 .examples = {{"visitorctl incident assign 7", "To yourself"},
                              {"visitorctl incident assign --all-matching --severity critical --to guard --yes", ""}}});
}

}  // namespace visitor::cli
