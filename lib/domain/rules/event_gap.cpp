#include <fmt/format.h>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  for (const auto& gap : input.gaps) {
    if (gap.site != site.id) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("terminal:{}", gap.terminal);
    finding.occurred_at = gap.at;
    finding.terminal = gap.terminal;
    finding.details = Figures{}
                          .add("name", gap.name)
                          .add("epoch", gap.epoch)
                          .add("first", gap.first)
                          .add("last", gap.last)
                          .add("count", gap.last - gap.first + 1)
                          .json();
  }
}

std::string say(const Figures& figures, Language language) {
  const auto terminal = terminal_words(figures, language);
  const auto first = figures.number("first").value_or(0);
  const auto last = figures.number("last").value_or(0);
  if (first == last)
    return phrase(language, "Event {1} is missing, and cannot be had from {0}.",
                  "Нет события {1}, и получить его не удается: {0}.", terminal, first);
  return phrase(language, "Events {1} to {2} are missing, and cannot be had from {0}.",
                "Нет событий с {1} по {2}, и получить их не удается: {0}.", terminal, first, last);
}

}  // namespace

constinit const Rule kEventGap{IncidentType::event_gap,
                               Severity::medium,
                               Trigger::events,
                               {},
                               {"A terminal skipped serial numbers and, asked again, does not have those events.",
                                "Терминал пропустил номера событий и на повторный запрос их не отдает."},
                               find,
                               say,
                               R"({"name":"Lobby","first":101,"last":105})"};

}  // namespace visitor::domain
