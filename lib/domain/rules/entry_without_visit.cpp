#include <fmt/format.h>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  for (const auto& passage : input.passages) {
    const auto& step = passage.step;
    if (passage.site != site.id || step.kind != StepKind::entry_without_visit) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("guest:{}", passage.guest);
    finding.occurred_at = step.key.occurred_at;
    finding.guest = passage.guest;
    finding.terminal = passage.terminal;
    finding.event = step.key;
    finding.details =
        Figures{}.add("guest", passage.guest).add("terminal", passage.terminal).add("serial", step.key.serial).json();
  }
}

std::string say(const Figures&, Language language) {
  return phrase(language, "A guest came in without a visit.", "Гость вошел, не имея действующего визита.");
}

}  // namespace

constinit const Rule kEntryWithoutVisit{IncidentType::entry_without_visit,
                                        Severity::high,
                                        Trigger::events,
                                        {},
                                        {"A guest's face, card or number opens an entry, and there is no visit for it.",
                                         "Гость входит по лицу, карте или номеру, но действующего визита нет."},
                                        find,
                                        say,
                                        R"({"guest":7})"};

}  // namespace visitor::domain
