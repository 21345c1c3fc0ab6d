#include <fmt/format.h>

#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A clock that shows local time and calls it UTC is off by what the zone is: HIKVISION.md, transport and formats.
bool calls_local_time_utc(milliseconds offset, const SiteRules& site, Instant now) {
  const auto zone = site.zone.offset(now);
  return zone != zone.zero() && std::chrono::abs(offset - zone) <= site.settings.clock_drift;
}

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  for (const auto& terminal : input.terminals) {
    if (terminal.site != site.id || !terminal.enabled || !clock_is_wrong(terminal, site.settings)) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("terminal:{}", terminal.id);
    finding.occurred_at = terminal.clock_wrong_since.value_or(input.now);
    finding.terminal = terminal.id;
    finding.details =
        Figures{}
            .add("name", terminal.name)
            .add("offset_ms", terminal.clock_offset->count())
            .add("offset_seconds", std::chrono::abs(std::chrono::round<seconds>(*terminal.clock_offset)).count())
            .add("limit_seconds", site.settings.clock_drift.count())
            .add("local_as_utc", calls_local_time_utc(*terminal.clock_offset, site, input.now))
            .json();
  }
}

std::string say(const Figures& figures, Language language) {
  const auto terminal = terminal_words(figures, language);
  const auto offset = span_words(figures, "offset_seconds", language);
  const bool ahead = figures.number("offset_ms").value_or(0) > 0;
  if (figures.flag("local_as_utc"))
    return phrase(language, "The clock of {0} shows local time and calls it UTC (+00:00): it is {1} {2}.",
                  "Часы показывают местное время, но называют его UTC (+00:00): {0}; они {2} на {1}.", terminal, offset,
                  ahead ? phrase(language, "ahead", "спешат") : phrase(language, "behind", "отстают"));
  return ahead ? phrase(language, "The clock of {} is {} ahead.", "Часы спешат на {1}: {0}.", terminal, offset)
               : phrase(language, "The clock of {} is {} behind.", "Часы отстают на {1}: {0}.", terminal, offset);
}

constexpr std::array<std::string_view, 1> kThresholds{"clock_drift"};

}  // namespace

bool clock_is_wrong(const TerminalFact& terminal, const RuleSettings& settings) {
  return terminal.clock_offset && std::chrono::abs(*terminal.clock_offset) > settings.clock_drift;
}

constinit const Rule kClockDrift{IncidentType::clock_drift,
                                 Severity::low,
                                 Trigger::timer,
                                 kThresholds,
                                 {"A terminal's clock is wrong, so that its events are stored at wrong times.",
                                  "Часы терминала неверны, и его события записываются с неверным временем."},
                                 find,
                                 say,
                                 R"({"name":"Lobby","offset_ms":45000,"offset_seconds":45})"};

}  // namespace visitor::domain
