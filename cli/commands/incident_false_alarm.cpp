#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/incident_options.hpp"

namespace visitor::cli {

void add_incident_false_alarm(Command& incident) {
  add_incident_step(incident, {.move = app::IncidentMove::false_alarm,
                               .name = "false-alarm",
                               .help = "Say that incidents were none",
                               .note_help = "How that is known",
                               .question = "Mark {} incidents as false alarms?",
                               .done =
                                   [](const app::IncidentListed& listed) {
                                     return fmt::format("Marked incident {} as a false alarm: {}.", listed.incident.id,
                                                        domain::name(listed.incident.type));
                                   },
                               .done_many = "Marked {} incidents as false alarms.",
                               .examples = {{"visitorctl incident false-alarm 7 8 9 --note 'fire drill'", ""}}});
}

}  // namespace visitor::cli
