#include "cli/views_rules.hpp"

#include <fmt/format.h>

#include "cli/views.hpp"

namespace visitor::cli {
namespace {

using domain::Language;

/// "long_stay 8h, overstay 30m": without the severity, which has a column of its own.
std::string threshold_text(const app::RuleListed& listed) {
  std::string text;
  for (const auto& one : listed.thresholds)
    if (!one.key.ends_with("_severity")) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one.key, one.value);
  return text;
}

std::string override_text(const app::RuleOverride& one) {
  return fmt::format("{}: {} {}", one.site_name, one.key, one.value.empty() ? "none" : one.value);
}

}  // namespace

Table rule_table(const std::vector<app::RuleListed>& rows) {
  Table table{{{"Type"},
               {"Label", {}, Column::Fit::give},
               {"Trigger"},
               {"Severity"},
               {"On"},
               {"Thresholds", {}, Column::Fit::give},
               {"Sites", {}, Column::Fit::give},
               {"Open", Column::Align::right}}};
  for (const auto& row : rows) {
    std::string sites;
    for (const auto& one : row.overrides) sites += (sites.empty() ? "" : "; ") + override_text(one);
    table.add({std::string{domain::name(row.rule->type)}, std::string{domain::label(row.rule->type, Language::english)},
               std::string{app::trigger_name(row.rule->trigger)}, severity_cell(row.severity),
               row.on ? Cell{"on"} : Cell{"off", Tone::faint}, threshold_text(row), sites,
               fmt::to_string(row.open_incidents)});
  }
  return table;
}

Card card_of(const app::RuleListed& listed) {
  const auto& rule = *listed.rule;
  Card card;
  card.add("Type", std::string{domain::name(rule.type)});
  for (const auto language : {Language::english, Language::russian}) {
    const std::string in = language == Language::english ? " en" : " ru";
    card.add("Label" + in, std::string{domain::label(rule.type, language)});
    card.add("Meaning" + in, std::string{rule.meaning.in(language)});
    card.add("Says" + in, domain::summary(rule.type, rule.example, language));
  }
  card.add("Trigger", rule.trigger == domain::Trigger::timer ? "timer: looks at the clock" : "events: as they arrive");
  card.add("Severity", severity_cell(listed.severity));
  card.add("On", listed.on ? Cell{"on"} : Cell{"off", Tone::faint});
  for (const auto& one : listed.thresholds)
    card.add("Option", fmt::format("{} = {} ({})", one.key, one.value,
                                   one.from_file ? fmt::format("file; default {}", one.fallback) : "default"));
  for (const auto& one : listed.overrides) card.add("Site", override_text(one));
  card.add("Incidents", fmt::format("{} open, {} in the last 30 days", listed.open_incidents, listed.recent_incidents));
  return card;
}

}  // namespace visitor::cli
