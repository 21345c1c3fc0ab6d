#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

/// Since when there have been more than \p limit, going back from now; \p inside are there now.
Instant full_since(const RuleInput& input, const SiteRules& site, int inside, int limit) {
  std::map<Instant, int, std::greater<>> changes;
  for (const auto& presence : input.inside)
    if (presence.site == site.id) ++changes[presence.checked_in_at];
  for (const auto& stay : input.left) {
    if (stay.site != site.id) continue;
    ++changes[stay.checked_in_at];
    --changes[stay.checked_out_at];
  }
  auto since = input.now;
  for (const auto& [at, change] : changes) {
    inside -= change;
    since = at;
    if (inside <= limit) break;
  }
  return since;
}

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  const auto limit = site.settings.capacity;
  const auto inside = static_cast<int>(std::count_if(input.inside.begin(), input.inside.end(),
                                                     [&](const auto& presence) { return presence.site == site.id; }));
  if (limit == 0 || inside <= limit) return;
  auto& finding = findings.emplace_back();
  finding.subject = fmt::format("site:{}", site.id);
  finding.occurred_at = full_since(input, site, inside, limit);
  finding.details = Figures{}.add("inside", inside).add("limit", limit).json();
}

std::string say(const Figures& figures, Language language) {
  return phrase(language, "{} people are in the building; {} are allowed.", "В здании {} чел., разрешено не более {}.",
                figures.number("inside").value_or(0), figures.number("limit").value_or(0));
}

constexpr std::array<std::string_view, 1> kThresholds{"capacity"};

}  // namespace

constinit const Rule kCapacity{
    IncidentType::capacity,
    Severity::high,
    Trigger::timer,
    kThresholds,
    {"More guests are in the building than the site allows.", "В здании больше гостей, чем разрешено на площадке."},
    find,
    say,
    R"({"inside":101,"limit":100})"};

}  // namespace visitor::domain
