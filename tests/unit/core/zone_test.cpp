#include "core/zone.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using visitor::test::at;

BOOST_AUTO_TEST_CASE(an_unknown_zone_is_refused_and_a_near_one_named) {
  BOOST_CHECK_EXCEPTION(Zone::named("Asia/Almati"), Error, [](const Error& error) {
    return error.code() == Errc::config && error.hint().find("Asia/Almaty") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_name_leads_to_a_zone_and_to_nothing_else_on_the_disk) {
  for (const auto* name : {"UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires"}) BOOST_TEST(Zone::exists(name), name);
  for (const auto* name : {"", "/etc/localtime", "../zoneinfo/UTC", "Asia", "Asia/", "localtime", "posixrules",
                           "right/UTC", "posix/UTC", "tzdata.zi", "zone.tab", "file:UTC", "asia/almaty"})
    BOOST_TEST(!Zone::exists(name), name);
}

BOOST_AUTO_TEST_CASE(the_rules_go_on_after_the_last_year_of_the_table) {
  BOOST_TEST(Zone::named("Europe/Berlin").iso(at("2060-07-01T12:00:00Z")) == "2060-07-01T14:00:00+02:00");
  BOOST_TEST(Zone::named("Europe/Berlin").iso(at("2060-12-01T12:00:00Z")) == "2060-12-01T13:00:00+01:00");
}

BOOST_AUTO_TEST_CASE(local_days_are_23_and_25_hours_long_when_the_clock_changes) {
  const auto berlin = Zone::named("Europe/Berlin");
  const auto spring = at("2026-03-29T12:00:00Z");
  const auto autumn = at("2026-10-25T12:00:00Z");
  BOOST_TEST((berlin.day_end(spring) - berlin.day_start(spring) == 23h));
  BOOST_TEST((berlin.day_end(autumn) - berlin.day_start(autumn) == 25h));
  BOOST_TEST(berlin.iso(berlin.day_start(spring)) == "2026-03-29T00:00:00+01:00");
}

BOOST_AUTO_TEST_CASE(a_moment_is_understood_in_every_form_that_the_hint_promises) {
  const auto almaty = Zone::named("Asia/Almaty");
  const auto now = at("2026-09-01T10:00:00Z");  // 15:00 there
  BOOST_TEST(parse_moment("now", now, almaty) == now);
  BOOST_TEST(parse_moment("30m", now, almaty) == now - 30min);
  BOOST_TEST(parse_moment("+2h", now, almaty) == now + 2h);
  BOOST_TEST(parse_moment("08:30", now, almaty) == at("2026-09-01T03:30:00Z"));
  BOOST_TEST(parse_moment("today", now, almaty) == at("2026-08-31T19:00:00Z"));
  BOOST_TEST(parse_moment("yesterday", now, almaty) == at("2026-08-30T19:00:00Z"));
  BOOST_TEST(parse_moment("tomorrow", now, almaty) == at("2026-09-01T19:00:00Z"));
  BOOST_TEST(parse_moment("2026-09-01", now, almaty) == at("2026-08-31T19:00:00Z"));
  BOOST_TEST(parse_moment("2026-09-01 08:00", now, almaty) == at("2026-09-01T03:00:00Z"));
  BOOST_TEST(parse_moment("2026-09-01T08:00:00+03:00", now, almaty) == at("2026-09-01T05:00:00Z"));
  BOOST_TEST(parse_moment("2026-09-01T08:00:00Z", now, almaty) == at("2026-09-01T08:00:00Z"));
  const auto fraction = at("2026-09-01T08:00:00Z") + std::chrono::microseconds{120'045};
  BOOST_TEST(parse_moment(to_iso(fraction), now, almaty) == fraction);
  BOOST_TEST(parse_moment("2026-09-01T13:00:00.120045+05:00", now, almaty) == fraction);
}

BOOST_AUTO_TEST_CASE(what_is_no_moment_is_refused_by_name) {
  const auto now = at("2026-09-01T10:00:00Z");
  for (const auto* text : {"", "soon", "2026-13-01", "2026-02-30", "25:00", "12:60", "-5m", "5x",
                           "2026-09-01T08:00:00+99:00", "2026-09-01T08:00:00 x", "2026-09-01T08:00:00.",
                           "2026-09-01T08:00.5Z", "2026-09-01T08:00:00.1234567Z", "99999999999999999999d"})
    BOOST_CHECK_EXCEPTION(parse_moment(text, now, Zone::utc()), Error,
                          [](const Error& error) { return error.code() == Errc::usage; });
}

BOOST_AUTO_TEST_CASE(a_wall_clock_time_that_comes_twice_is_the_first_and_one_that_never_comes_is_the_change) {
  const auto berlin = Zone::named("Europe/Berlin");
  BOOST_TEST(parse_moment("2026-10-25 02:30", Instant{}, berlin) == at("2026-10-25T00:30:00Z"));
  BOOST_TEST(parse_moment("2026-03-29 02:30", Instant{}, berlin) == at("2026-03-29T01:00:00Z"));
}

BOOST_AUTO_TEST_CASE(instants_print_fractions_only_where_there_are_some) {
  BOOST_TEST(to_iso(at("2026-09-01T10:00:00Z")) == "2026-09-01T10:00:00Z");
  BOOST_TEST(to_iso(at("2026-09-01T10:00:00Z") + 1500us) == "2026-09-01T10:00:00.0015Z");
  BOOST_TEST(to_iso(at("1969-12-31T23:59:59Z")) == "1969-12-31T23:59:59Z");
}

BOOST_AUTO_TEST_CASE(spans_read_and_print) {
  BOOST_TEST((*parse_span("90s") == 90s));
  BOOST_TEST((*parse_span("15m") == 15min));
  BOOST_TEST((*parse_span("2w") == 14 * 24h));
  BOOST_TEST(!parse_span("m").has_value());
  BOOST_TEST(!parse_span("-1s").has_value());
  BOOST_TEST(format_span(45s) == "45 s");
  BOOST_TEST(format_span(3h + 20min) == "3 h 20 min");
  BOOST_TEST(format_span(5 * 24h) == "5 d");
}
