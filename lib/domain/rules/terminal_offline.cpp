#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  const auto limit = site.settings.terminal_offline;
  for (const auto& terminal : input.terminals) {
    if (terminal.site != site.id || !terminal.enabled || terminal.well) continue;
    const auto silent_since = std::max(terminal.last_answer_at.value_or(terminal.since), terminal.since);
    if (input.now - silent_since < limit) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("terminal:{}", terminal.id);
    finding.occurred_at = silent_since + limit;
    finding.terminal = terminal.id;
    finding.details = Figures{}
                          .add("name", terminal.name)
                          .add("silent_since", silent_since)
                          .add("limit_seconds", limit.count())
                          .json();
  }
}

std::string say(const Figures& figures, Language language) {
  const auto limit = span_words(figures, "limit_seconds", language);
  if (const auto name = figures.text("name"))
    return phrase(language, "Terminal {} has not given a good answer for {}.",
                  "Терминал «{}» не дает верного ответа уже {}.", *name, limit);
  return phrase(language, "A terminal has not given a good answer for {}.", "Терминал не дает верного ответа уже {}.",
                limit);
}

constexpr std::array<std::string_view, 1> kThresholds{"terminal_offline"};

}  // namespace

constinit const Rule kTerminalOffline{IncidentType::terminal_offline,
                                      Severity::high,
                                      Trigger::timer,
                                      kThresholds,
                                      {"A terminal gives no good answer.", "Терминал не дает верного ответа."},
                                      find,
                                      say,
                                      R"({"name":"Lobby","limit_seconds":120})"};

}  // namespace visitor::domain
