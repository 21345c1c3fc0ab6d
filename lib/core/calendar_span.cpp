#include "core/calendar_span.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace visitor {
namespace {

constexpr int kMost = 9999;

struct Part {
  char unit;
  int CalendarSpan::*member;
};
constexpr std::array<Part, 4> kParts{{{'y', &CalendarSpan::years},
                                      {'m', &CalendarSpan::months},
                                      {'d', &CalendarSpan::days},
                                      {'h', &CalendarSpan::hours}}};

}  // namespace

std::optional<CalendarSpan> parse_calendar_span(std::string_view text) {
  CalendarSpan span;
  if (text.empty()) return std::nullopt;
  const auto* at = text.data();
  const auto* const end = at + text.size();
  for (const auto& part : kParts) {
    if (at == end) break;
    int count = 0;
    const auto [after, error] = std::from_chars(at, end, count);
    if (error != std::errc{} || *at == '-' || count > kMost || after == end) return std::nullopt;
    if (*after != part.unit) continue;
    span.*part.member = count;
    at = after + 1;
  }
  if (at != end) return std::nullopt;
  return span;
}

std::string to_text(const CalendarSpan& span) {
  std::string text;
  for (const auto& part : kParts)
    if (span.*part.member != 0) text += fmt::format("{}{}", span.*part.member, part.unit);
  return text.empty() ? "0h" : text;
}

Instant before(Instant instant, const CalendarSpan& span, const Zone& zone) {
  using namespace std::chrono;
  if (span.years != 0 || span.months != 0 || span.days != 0) {
    const auto local = zone.local(instant);
    const auto midnight = floor<days>(local);
    const year_month_day date{midnight};
    // The day is counted from the first of the month, as the month may be too short for it.
    const auto month = year_month{date.year(), date.month()} - years{span.years} - months{span.months};
    const auto day = local_days{month / 1} + days{static_cast<unsigned>(date.day())} - days{1 + span.days};
    instant = zone.instant(day + (local - midnight));
  }
  return instant - hours{span.hours};
}

}  // namespace visitor
