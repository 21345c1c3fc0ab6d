#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  find_alarms(input, site, AlarmKind::door_forced, AlarmSubject::door, findings);
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "A door was opened without being released: {}.", "Дверь открыта без разрешения: {}.",
                door_words(figures, language));
}

}  // namespace

constinit const Rule kDoorForced{IncidentType::door_forced,
                                 Severity::high,
                                 Trigger::events,
                                 {},
                                 {"A door opens without having been released.", "Дверь открыта без разрешения."},
                                 find,
                                 say,
                                 R"({"name":"Lobby","door":1})"};

}  // namespace visitor::domain
