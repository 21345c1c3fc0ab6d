#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  const auto limit = site.settings.overstay;
  for (const auto& presence : input.inside) {
    if (presence.site != site.id || input.now - presence.expected_until <= limit) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("visit:{}", presence.visit);
    // Who comes after the end of the visit overstays from the first step on.
    finding.occurred_at = std::max(presence.expected_until + limit, presence.checked_in_at);
    finding.guest = presence.guest;
    finding.visit = presence.visit;
    finding.details = Figures{}
                          .add("visit", presence.visit)
                          .add("expected_until", presence.expected_until)
                          .add("limit_seconds", limit.count())
                          .json();
  }
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "{} is still in the building more than {} after the visit was to end.",
                "{} все еще в здании, хотя с запланированного конца визита прошло более {}.",
                guest_words(figures, language), span_words(figures, "limit_seconds", language));
}

constexpr std::array<std::string_view, 1> kThresholds{"overstay"};

}  // namespace

constinit const Rule kOverstay{IncidentType::overstay,
                               Severity::low,
                               Trigger::timer,
                               kThresholds,
                               {"Somebody is still in the building after the visit was to end.",
                                "Кто-то остается в здании после запланированного конца визита."},
                               find,
                               say,
                               R"({"visit":42,"limit_seconds":1800})"};

}  // namespace visitor::domain
