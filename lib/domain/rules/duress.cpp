#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  find_alarms(input, site, AlarmKind::duress, AlarmSubject::person, findings);
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "Duress was signalled at {}.", "Сигнал принуждения: {}.", door_words(figures, language));
}

}  // namespace

constinit const Rule kDuress{
    IncidentType::duress,
    Severity::critical,
    Trigger::events,
    {},
    {"Somebody opens a door with a duress code or card.", "Кто-то открывает дверь кодом или картой принуждения."},
    find,
    say,
    R"({"name":"Lobby","door":1})"};

}  // namespace visitor::domain
