#pragma once

#include <span>
#include <string>
#include <string_view>

#include "domain/language.hpp"
#include "domain/names.hpp"

namespace visitor::notify {

/// The catalogue: everything that messages say, apart from the labels of the domain's own words. "{}" stands for what
/// is filled in.
enum class Phrase {
  // Labels of facts.
  type,
  severity,
  status,
  time,
  known_since,
  seen,
  guest,
  host,
  department,
  visit,
  assigned_to,
  expected,
  site,
  // Subjects.
  security_alert,
  late_security_alert,
  reminder,
  update,
  closed,
  escalated,
  arrived,
  left,
  no_show,
  storm,
  daily,
  weekly,
  test,
  canary,
  // Sentences.
  nobody_since,
  taken_by,
  ended_by,
  seen_times,
  test_text,
  canary_text,
  storm_text,
  and_more,
  nothing_happened,
  possibly_repeated,
  // Lines of summaries.
  today,
  yesterday,
  week,
  week_before,
  arrivals,
  departures,
  presumed,
  no_shows,
  cancelled,
  inside_now,
  awaited_now,
  incidents,
  of_them_open,
  by_type,
  by_severity,
};

/// The words as they are, with their "{}".
std::string_view phrase(Phrase phrase, domain::Language language);

/// With \p values in the places of "{}", in their order; what has no place is left out. Values are taken literally,
/// whatever they hold.
std::string fill(std::string_view words, std::span<const std::string_view> values);

template <class... Values>
std::string say(Phrase what, domain::Language language, const Values&... values) {
  if constexpr (sizeof...(values) == 0) {
    return std::string{phrase(what, language)};
  } else {
    const std::string_view list[] = {std::string_view{values}...};
    return fill(phrase(what, language), list);
  }
}

/// \p text in one line: line ends and other control characters become blanks.
std::string one_line(std::string_view text);

}  // namespace visitor::notify

namespace visitor::domain {
template <>
std::span<const Name<notify::Phrase>> names();
}  // namespace visitor::domain
