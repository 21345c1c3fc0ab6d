#include <fmt/format.h>

#include <algorithm>

#include "domain/rules/rules.hpp"

namespace visitor::domain {

void find_terminal_offline(const RuleInput& input, std::vector<Finding>& findings) {
  const auto limit = input.settings.terminal_offline;
  for (const auto& terminal : input.terminals) {
    if (!terminal.enabled) continue;
    const auto silent_since = std::max(terminal.last_answer_at.value_or(terminal.since), terminal.since);
    if (input.now - silent_since < limit) continue;
    Finding finding;
    finding.subject = fmt::format("terminal:{}", terminal.id);
    finding.occurred_at = silent_since + limit;
    finding.site = terminal.site;
    finding.terminal = terminal.id;
    finding.summary = fmt::format("Terminal {} has not given a good answer for {}.", terminal.name, format_span(limit));
    finding.details = fmt::format(R"({{"silent_since":"{}","limit_seconds":{}}})", to_iso(silent_since), limit.count());
    findings.push_back(std::move(finding));
  }
}

}  // namespace visitor::domain
