#include "cli/views.hpp"

#include <fmt/format.h>

#include "core/zone.hpp"

namespace visitor::cli {
namespace {

constexpr std::size_t kDay = sizeof "2026-09-01 " - 1;
constexpr std::size_t kToTheMinute = sizeof "2026-09-01 17:27" - 1;

/// \p cell without the date where that is the one of \p day.
Cell without_day(Cell cell, Instant day, const std::string& time_zone) {
  const auto date = Zone::named(time_zone).stamp(day).substr(0, kDay);
  if (cell.text.starts_with(date)) cell.text.erase(0, kDay);
  return cell;
}

}  // namespace

Cell time_cell(const std::optional<Instant>& instant, const std::string& time_zone) {
  if (!instant) return "";
  const auto zone = Zone::named(time_zone);
  return {zone.stamp(*instant).substr(0, kToTheMinute), zone.iso(*instant)};
}

Cell precise_time_cell(const std::optional<Instant>& instant, const std::string& time_zone) {
  if (!instant) return "";
  const auto zone = Zone::named(time_zone);
  return {zone.stamp(*instant), zone.iso(*instant)};
}

Cell short_time_cell(const std::optional<Instant>& instant, Instant day, const std::string& time_zone) {
  return without_day(time_cell(instant, time_zone), day, time_zone);
}

Cell short_precise_time_cell(const std::optional<Instant>& instant, Instant day, const std::string& time_zone) {
  return without_day(precise_time_cell(instant, time_zone), day, time_zone);
}

Cell span_cell(std::chrono::seconds span) {
  return {format_span(span), fmt::to_string(span.count())};
}

std::string clock_time(Instant instant, const std::string& time_zone) {
  return Zone::named(time_zone).clock(instant);
}

Cell status_cell(domain::VisitStatus status) {
  const auto tone = status == domain::VisitStatus::checked_in ? Tone::good
                    : domain::is_live(status)                 ? Tone::plain
                                                              : Tone::faint;
  return {std::string{domain::name(status)}, tone};
}

Cell status_cell(domain::IncidentStatus status) {
  return {std::string{domain::name(status)}, domain::is_open(status) ? Tone::warning : Tone::faint};
}

Cell severity_cell(domain::Severity severity) {
  const auto tone = severity >= domain::Severity::high     ? Tone::bad
                    : severity == domain::Severity::medium ? Tone::warning
                                                           : Tone::plain;
  return {std::string{domain::name(severity)}, tone};
}

Cell state_cell(const domain::Terminal& terminal) {
  if (!terminal.enabled) return {"disabled", Tone::faint};
  const auto tone = terminal.state == domain::TerminalState::online  ? Tone::good
                    : terminal.state == domain::TerminalState::fresh ? Tone::plain
                                                                     : Tone::bad;
  return {std::string{domain::name(terminal.state)}, tone};
}

std::string edited(std::string_view kind, std::int64_t id, std::string_view name, int version_before, int version) {
  if (version == version_before)
    return fmt::format("The {} {} is so already: {} (version {}).", kind, id, name, version);
  return fmt::format("Changed {} {}: {} (version {}).", kind, id, name, version);
}

}  // namespace visitor::cli
