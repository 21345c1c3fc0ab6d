#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  find_alarms(input, site, AlarmKind::door_held, AlarmSubject::door, findings);
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "A door has been open too long: {}.", "Дверь слишком долго открыта: {}.",
                door_words(figures, language));
}

}  // namespace

constinit const Rule kDoorHeld{
    IncidentType::door_held,
    Severity::medium,
    Trigger::events,
    {},
    {"A door stays open longer than its terminal allows.", "Дверь открыта дольше, чем допускает терминал."},
    find,
    say,
    R"({"name":"Lobby","door":1})"};

}  // namespace visitor::domain
