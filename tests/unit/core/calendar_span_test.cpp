#include "core/calendar_span.hpp"

#include <boost/test/unit_test.hpp>

#include "support/manual_clock.hpp"

using namespace visitor;
using visitor::test::at;

BOOST_AUTO_TEST_SUITE(calendar_span)

BOOST_AUTO_TEST_CASE(a_calendar_span_has_years_months_days_and_hours_in_this_order) {
  BOOST_CHECK((parse_calendar_span("1y6m14d12h") == CalendarSpan{1, 6, 14, 12}));
  BOOST_CHECK((parse_calendar_span("14d") == CalendarSpan{0, 0, 14, 0}));
  BOOST_CHECK((parse_calendar_span("2y3h") == CalendarSpan{2, 0, 0, 3}));
  BOOST_TEST(parse_calendar_span("0h")->is_zero());
  for (const auto* text : {"", "1", "y", "1d1y", "1d2d", "-1d", "+1d", "1.5d", "1 d", " 1d", "1d ", "10000d", "1w",
                           "1D", "9999999999999d"})
    BOOST_TEST(!parse_calendar_span(text), text);
}

BOOST_AUTO_TEST_CASE(a_calendar_span_is_written_as_it_is_read) {
  for (const auto* text : {"1y6m14d12h", "14d", "1y", "9999h", "0h"})
    BOOST_TEST(to_text(*parse_calendar_span(text)) == text);
}

BOOST_AUTO_TEST_CASE(before_keeps_the_clock_of_the_zone_over_a_change_and_runs_over_short_months) {
  const auto berlin = Zone::named("Europe/Berlin");
  const auto utc = Zone::utc();
  // 03:00 there on both sides of the change of 29 March.
  BOOST_TEST(before(at("2026-03-30T01:00:00Z"), {0, 0, 2, 0}, berlin) == at("2026-03-28T02:00:00Z"));
  // Hours are real ones: 03:00 in summer is an hour after 01:00 in winter.
  BOOST_TEST(before(at("2026-03-29T01:00:00Z"), {0, 0, 0, 1}, berlin) == at("2026-03-29T00:00:00Z"));
  BOOST_TEST(before(at("2026-03-31T12:00:00Z"), {0, 1, 0, 0}, utc) == at("2026-03-03T12:00:00Z"));
  BOOST_TEST(before(at("2028-03-31T12:00:00Z"), {0, 1, 0, 0}, utc) == at("2028-03-02T12:00:00Z"));
  BOOST_TEST(before(at("2028-02-29T12:00:00Z"), {1, 0, 0, 0}, utc) == at("2027-03-01T12:00:00Z"));
  BOOST_TEST(before(at("2026-01-15T12:00:00Z"), {1, 13, 20, 5}, utc) == at("2023-11-25T07:00:00Z"));
}

BOOST_AUTO_TEST_SUITE_END()
