#include "core/exact_moment.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using visitor::test::at;

BOOST_AUTO_TEST_CASE(a_wall_clock_time_that_comes_twice_is_not_guessed) {
  const auto now = at("2026-10-25T12:00:00Z");
  const auto says = [](const std::string& first, const std::string& second) {
    return [first, second](const Error& error) {
      return error.code() == Errc::usage && error.hint() == "Say which: " + first + " or " + second + ".";
    };
  };
  const auto berlin = Zone::named("Europe/Berlin");
  for (const auto* text : {"2026-10-25T02:30", "02:30"})
    BOOST_CHECK_EXCEPTION(parse_exact_moment(text, now, berlin), Error,
                          says("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"));
  // Half an hour, on the other side of the world.
  BOOST_CHECK_EXCEPTION(parse_exact_moment("2026-04-05 01:45", now, Zone::named("Australia/Lord_Howe")), Error,
                        says("2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"));
  // Said exactly, or unique.
  BOOST_TEST(parse_exact_moment("2026-10-25T02:30:00+01:00", now, berlin) == at("2026-10-25T01:30:00Z"));
  BOOST_TEST(parse_exact_moment("2026-10-25T00:30:00Z", now, berlin) == at("2026-10-25T00:30:00Z"));
  BOOST_TEST(parse_exact_moment("11h", now, berlin) == at("2026-10-25T01:00:00Z"));
  BOOST_TEST(parse_exact_moment("2026-10-25T03:00", now, berlin) == at("2026-10-25T02:00:00Z"));
  BOOST_TEST(parse_exact_moment("2026-10-25T01:59:59", now, berlin) == at("2026-10-24T23:59:59Z"));
  BOOST_TEST(parse_exact_moment("2026-10-24T02:30", now, berlin) == at("2026-10-24T00:30:00Z"));
  BOOST_TEST(parse_exact_moment("2026-11-22T14:05", now, berlin) == at("2026-11-22T13:05:00Z"));
}
