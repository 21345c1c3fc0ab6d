#include <fmt/format.h>

#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  const auto limit = site.settings.long_stay;
  for (const auto& presence : input.inside) {
    if (presence.site != site.id || input.now - presence.checked_in_at <= limit) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("visit:{}", presence.visit);
    finding.occurred_at = presence.checked_in_at + limit;
    finding.guest = presence.guest;
    finding.visit = presence.visit;
    finding.details = Figures{}
                          .add("visit", presence.visit)
                          .add("checked_in_at", presence.checked_in_at)
                          .add("limit_seconds", limit.count())
                          .json();
  }
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "{} has been in the building for more than {}.", "{} находится в здании более {}.",
                guest_words(figures, language), span_words(figures, "limit_seconds", language));
}

constexpr std::array<std::string_view, 1> kThresholds{"long_stay"};

}  // namespace

constinit const Rule kLongStay{
    IncidentType::long_stay,
    Severity::medium,
    Trigger::timer,
    kThresholds,
    {"Somebody stays in the building for too long.", "Кто-то находится в здании слишком долго."},
    find,
    say,
    R"({"visit":42,"limit_seconds":28800})"};

}  // namespace visitor::domain
