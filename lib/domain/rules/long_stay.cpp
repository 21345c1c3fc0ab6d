#include <fmt/format.h>

#include "domain/rules/rules.hpp"

namespace visitor::domain {

void find_long_stay(const RuleInput& input, std::vector<Finding>& findings) {
  const auto limit = input.settings.long_stay;
  for (const auto& presence : input.inside) {
    if (input.now - presence.checked_in_at <= limit) continue;
    Finding finding;
    finding.subject = fmt::format("visit:{}", presence.visit);
    finding.occurred_at = presence.checked_in_at + limit;
    finding.site = presence.site;
    finding.guest = presence.guest;
    finding.visit = presence.visit;
    finding.summary = fmt::format("The guest of visit {} has been in the building for more than {}.", presence.visit,
                                  format_span(limit));
    finding.details =
        fmt::format(R"({{"checked_in_at":"{}","limit_seconds":{}}})", to_iso(presence.checked_in_at), limit.count());
    findings.push_back(std::move(finding));
  }
}

}  // namespace visitor::domain
