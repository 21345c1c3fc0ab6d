#include <fmt/format.h>

#include "domain/rules/rules.hpp"

namespace visitor::domain {

void find_alarms(const RuleInput& input, const SiteRules& site, AlarmKind kind, AlarmSubject subject,
                 std::vector<Finding>& findings) {
  for (const auto& alarm : input.alarms) {
    if (alarm.site != site.id || alarm.kind != kind) continue;
    auto& finding = findings.emplace_back();
    const auto terminal = alarm.key.terminal;
    switch (subject) {
      case AlarmSubject::door:
        finding.subject = fmt::format("door:{}/{}", terminal, alarm.door_no);
        break;
      case AlarmSubject::terminal:
        finding.subject = fmt::format("terminal:{}", terminal);
        break;
      case AlarmSubject::person:
        finding.subject = alarm.subject;
        break;
    }
    finding.occurred_at = alarm.key.occurred_at;
    finding.guest = alarm.guest;
    finding.terminal = terminal;
    finding.event = alarm.key;
    Figures figures;
    figures.add("terminal", terminal).add("name", alarm.terminal);
    if (alarm.door_no > 0) figures.add("door", alarm.door_no);
    figures.add("serial", alarm.key.serial).add("major", alarm.key.major).add("minor", alarm.key.minor);
    finding.details = figures.json();
  }
}

}  // namespace visitor::domain
