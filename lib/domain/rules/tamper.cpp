#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  find_alarms(input, site, AlarmKind::tamper, AlarmSubject::terminal, findings);
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "Tampering was reported by {}.", "Сообщение о вскрытии: {}.", door_words(figures, language));
}

}  // namespace

constinit const Rule kTamper{
    IncidentType::tamper,
    Severity::critical,
    Trigger::events,
    {},
    {"Somebody opens or takes off a device or a reader.", "Кто-то вскрывает или снимает устройство или считыватель."},
    find,
    say,
    R"({"name":"Lobby"})"};

}  // namespace visitor::domain
