#include <fmt/format.h>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  for (const auto& passage : input.passages) {
    const auto& step = passage.step;
    if (passage.site != site.id || step.kind != StepKind::exit_without_entry || !step.visit) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("visit:{}", *step.visit);
    finding.occurred_at = step.key.occurred_at;
    finding.guest = passage.guest;
    finding.visit = step.visit;
    finding.terminal = passage.terminal;
    finding.event = step.key;
    finding.details =
        Figures{}.add("visit", *step.visit).add("terminal", passage.terminal).add("serial", step.key.serial).json();
  }
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "{} left without having come in.", "{} вышел, не входив в здание.",
                guest_words(figures, language));
}

}  // namespace

constinit const Rule kExitWithoutEntry{
    IncidentType::exit_without_entry,
    Severity::high,
    Trigger::events,
    {},
    {"An expected guest goes out who has not come in.", "Ожидаемый гость выходит, хотя не входил."},
    find,
    say,
    R"({"visit":42})"};

}  // namespace visitor::domain
