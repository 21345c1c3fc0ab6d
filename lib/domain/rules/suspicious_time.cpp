#include <fmt/format.h>

#include <algorithm>
#include <array>

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

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  for (const auto& passage : input.passages) {
    if (passage.site != site.id || passage.direction != Direction::entry) continue;
    const auto& step = passage.step;
    const auto at = step.key.occurred_at;
    const auto local = site.zone.local(at);
    const auto midnight = std::chrono::floor<days>(local);
    const auto weekday = std::chrono::weekday{midnight}.iso_encoding();
    const bool day_off = std::count(site.days_off.begin(), site.days_off.end(), weekday) > 0;
    if (!day_off && by_day(local - midnight, site.settings)) continue;

    auto& finding = findings.emplace_back();
    finding.subject = step.visit ? fmt::format("visit:{}", *step.visit) : fmt::format("guest:{}", passage.guest);
    finding.occurred_at = at;
    finding.guest = passage.guest;
    finding.visit = step.visit;
    finding.terminal = passage.terminal;
    finding.event = step.key;
    finding.details =
        Figures{}.add("local", site.zone.iso(at)).add("day_off", day_off).add("serial", step.key.serial).json();
  }
}

std::string say(const Figures& figures, Language language) {
  const auto when = figures.flag("day_off") ? phrase(language, "on a day off", "в выходной день")
                                            : phrase(language, "outside working hours", "в нерабочее время");
  // "2026-09-01T23:30:00+05:00": the clock's part of it.
  constexpr std::size_t kClock = 11, kDigits = 5;
  const auto local = figures.text("local").value_or("");
  if (local.size() < kClock + kDigits) return phrase(language, "A guest came in {}.", "Гость вошел {}.", when);
  return phrase(language, "A guest came in at {} local time, {}.", "Гость вошел в {} по местному времени, {}.",
                local.substr(kClock, kDigits), when);
}

constexpr std::array<std::string_view, 2> kThresholds{"day_begins", "day_ends"};

}  // namespace

constinit const Rule kSuspiciousTime{
    IncidentType::suspicious_time,
    Severity::medium,
    Trigger::events,
    kThresholds,
    {"A guest comes in by night or on a day off of the site.", "Гость входит ночью или в выходной день площадки."},
    find,
    say,
    R"({"local":"2026-09-01T23:30:00+05:00","day_off":false})"};

}  // namespace visitor::domain
