#include "domain/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/rules/rules.hpp"

namespace visitor::domain {

std::string denial_subject(std::optional<GuestId> guest, const std::optional<std::string>& employee_no,
                           const std::optional<std::string>& card_no, TerminalId terminal, int door_no) {
  if (guest) return fmt::format("guest:{}", *guest);
  if (employee_no) return fmt::format("employee:{}", *employee_no);
  if (card_no) return fmt::format("card:{}", *card_no);
  return fmt::format("door:{}/{}", terminal, door_no);
}

std::span<const Rule> rules() {
  static constexpr Rule kRules[] = {
      {IncidentType::exit_without_entry, Severity::high, Trigger::events, find_exit_without_entry},
      {IncidentType::long_stay, Severity::medium, Trigger::timer, find_long_stay},
      {IncidentType::suspicious_time, Severity::medium, Trigger::events, find_suspicious_time},
      {IncidentType::multiple_failed_access, Severity::high, Trigger::events, find_multiple_failed_access},
      {IncidentType::terminal_offline, Severity::high, Trigger::timer, find_terminal_offline},
  };
  return kRules;
}

std::vector<Finding> look(const RuleInput& input, Trigger trigger) {
  std::vector<Finding> findings;
  const auto& off = input.settings.off;
  for (const auto& rule : rules()) {
    if (rule.trigger != trigger || std::count(off.begin(), off.end(), rule.type) > 0) continue;
    const auto first = findings.size();
    rule.look(input, findings);
    for (auto i = first; i < findings.size(); ++i) {
      findings[i].type = rule.type;
      findings[i].severity = rule.severity;
    }
  }
  return findings;
}

}  // namespace visitor::domain
