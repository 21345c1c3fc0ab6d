#include "domain/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/backup.hpp"
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
  static const Rule kRules[] = {
      kExitWithoutEntry,
      kLongStay,
      kOverstay,
      kSuspiciousTime,
      kMultipleFailedAccess,
      kRepeatedExitEntry,
      kEntryWithoutVisit,
      kBlockedGuest,
      kDuress,
      kDoorForced,
      kDoorHeld,
      kTamper,
      kTerminalOffline,
      kEventGap,
      kClockDrift,
      kCapacity,
  };
  return kRules;
}

const Rule* find_rule(IncidentType type) {
  for (const auto& rule : rules())
    if (rule.type == type) return &rule;
  return nullptr;
}

bool is_on(const Rule& rule, const RuleSettings& settings) {
  return std::count(settings.off.begin(), settings.off.end(), rule.type) == 0;
}

Severity severity_of(const Rule& rule, const RuleSettings& settings) {
  const auto set = settings.severity.find(rule.type);
  return set == settings.severity.end() ? rule.severity : set->second;
}

std::vector<Finding> look(const RuleInput& input, Trigger trigger) {
  std::vector<Finding> findings;
  for (const auto& site : input.sites) {
    for (const auto& rule : rules()) {
      if (rule.trigger != trigger || !is_on(rule, site.settings)) continue;
      const auto first = findings.size();
      rule.find(input, site, findings);
      for (auto i = first; i < findings.size(); ++i) {
        auto& finding = findings[i];
        finding.type = rule.type;
        finding.severity = severity_of(rule, site.settings);
        finding.site = site.id;
        finding.summary = summary(rule.type, finding.details, Language::english);
      }
    }
  }
  return findings;
}

std::string summary(IncidentType type, std::string_view details, Language language) {
  const auto figures = Figures::parse(details);
  if (const auto* rule = find_rule(type)) return rule->say(figures, language);
  if (type == IncidentType::backup) return backup_summary(figures, language);
  return figures.text("text").value_or(std::string{label(type, language)});
}

}  // namespace visitor::domain
