#include <fmt/format.h>

#include "domain/rules/rules.hpp"

namespace visitor::domain {

void find_exit_without_entry(const RuleInput& input, std::vector<Finding>& findings) {
  for (const auto& passage : input.passages) {
    if (passage.step.kind != StepKind::exit_without_entry || !passage.step.visit) continue;
    Finding finding;
    finding.subject = fmt::format("visit:{}", *passage.step.visit);
    finding.occurred_at = passage.step.key.occurred_at;
    finding.site = passage.site;
    finding.guest = passage.guest;
    finding.visit = passage.step.visit;
    finding.terminal = passage.terminal;
    finding.event = passage.step.key;
    finding.summary = fmt::format("The guest of visit {} left without having come in.", *passage.step.visit);
    finding.details = fmt::format(R"({{"terminal":{},"serial":{}}})", passage.terminal, passage.step.key.serial);
    findings.push_back(std::move(finding));
  }
}

}  // namespace visitor::domain
