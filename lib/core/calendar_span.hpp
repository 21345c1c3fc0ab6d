#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/instant.hpp"
#include "core/zone.hpp"

namespace visitor {

/// A span whose length depends on where in the calendar it lies.
struct CalendarSpan {
  int years = 0;
  int months = 0;
  int days = 0;
  int hours = 0;

  bool operator==(const CalendarSpan&) const = default;
  bool is_zero() const { return *this == CalendarSpan{}; }
};

/// "1y6m14d12h": each part once at most, in this order, up to 9999 of each. An m is a month.
/// \returns nothing where the text is none of these, or empty
std::optional<CalendarSpan> parse_calendar_span(std::string_view text);
/// The same back, without parts that are zero; "0h" for a span that is zero.
std::string to_text(const CalendarSpan& span);

/// The moment that \p span before \p instant is on the calendar and clock of \p zone. A day that a month does not have
/// runs over into the next: a month before 31 March is 3 March (2 March in leap years). Hours are real ones.
Instant before(Instant instant, const CalendarSpan& span, const Zone& zone);

}  // namespace visitor
