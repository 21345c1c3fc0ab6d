#include <fmt/format.h>

#include <algorithm>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

/// Day hours may run over midnight (22:00 to 06:00); equal ends mean the whole day.
bool by_day(microseconds clock, const RuleSettings& settings) {
  if (settings.day_begins == settings.day_ends) return true;
  const bool begun = clock >= settings.day_begins;
  const bool ended = clock >= settings.day_ends;
  return settings.day_begins < settings.day_ends ? begun && !ended : begun || !ended;
}

}  // namespace

void find_suspicious_time(const RuleInput& input, std::vector<Finding>& findings) {
  for (const auto& passage : input.passages) {
    if (passage.direction != Direction::entry) continue;
    const auto site = std::find_if(input.sites.begin(), input.sites.end(),
                                   [&](const SiteHours& hours) { return hours.id == passage.site; });
    if (site == input.sites.end()) continue;

    const auto at = passage.step.key.occurred_at;
    const auto local = site->zone.local(at);
    const auto midnight = std::chrono::floor<days>(local);
    const auto weekday = std::chrono::weekday{midnight}.iso_encoding();
    const bool day_off = std::count(site->days_off.begin(), site->days_off.end(), weekday) > 0;
    if (!day_off && by_day(local - midnight, input.settings)) continue;

    Finding finding;
    finding.subject =
        passage.step.visit ? fmt::format("visit:{}", *passage.step.visit) : fmt::format("guest:{}", passage.guest);
    finding.occurred_at = at;
    finding.site = passage.site;
    finding.guest = passage.guest;
    finding.visit = passage.step.visit;
    finding.terminal = passage.terminal;
    finding.event = passage.step.key;
    finding.summary = fmt::format("A guest came in at {} local time{}.", site->zone.clock(at),
                                  day_off ? ", on a day off" : ", outside working hours");
    finding.details = fmt::format(R"({{"local":"{}","day_off":{},"serial":{}}})", site->zone.iso(at), day_off,
                                  passage.step.key.serial);
    findings.push_back(std::move(finding));
  }
}

}  // namespace visitor::domain
