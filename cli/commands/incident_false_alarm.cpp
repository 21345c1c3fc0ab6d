#include "cli/commands.hpp"
#include "cli/incident_options.hpp"

namespace visitor::cli {

void add_incident_false_alarm(Command& incident) {
  add_incident_step(incident, {.move = app::IncidentMove::false_alarm,
                               .name = "false-alarm",
                               .help = "Say that incidents were none",
                               .note_help = "How that is known",
                               .question = "Mark {} incidents as false alarms?",
                               .done = "Marked incident {0} as a false alarm: {1}.",
                               .done_many = "Marked {} incidents as false alarms.",
                               .examples = {{"visitorctl incident false-alarm 7 8 9 --note 'fire drill'", ""}}});
}

}  // namespace visitor::cli
