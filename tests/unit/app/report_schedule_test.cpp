#include "app/report_schedule.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using test::at;

namespace {

config::Settings::Report daily(std::chrono::minutes when, std::vector<std::string> days = {}) {
  config::Settings::Report report;
  report.name = "week";
  report.report = "visits";
  report.when = when;
  report.days = std::move(days);
  return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_schedule)

BOOST_AUTO_TEST_CASE(a_report_of_every_day_was_due_today_or_yesterday) {
  const auto zone = Zone::named("Asia/Almaty");
  const auto report = daily(7h);
  BOOST_TEST(app::report_due_since(report, zone, at("2026-11-23T07:00:00+05:00")) == at("2026-11-23T02:00:00Z"));
  BOOST_TEST(app::report_due_since(report, zone, at("2026-11-23T06:59:59+05:00")) == at("2026-11-22T02:00:00Z"));
  BOOST_TEST(app::next_report_after(report, zone, at("2026-11-23T07:00:00+05:00")) == at("2026-11-24T02:00:00Z"));
  BOOST_TEST(app::next_report_after(report, zone, at("2026-11-23T06:59:59+05:00")) == at("2026-11-23T02:00:00Z"));
}

BOOST_AUTO_TEST_CASE(days_of_the_week_and_of_the_month_are_counted_in_the_zone) {
  const auto zone = Zone::named("Pacific/Auckland");
  const auto mondays = daily(7h, {"monday"});
  // 2026-11-23 is a Monday; there it has begun while it is Sunday in UTC.
  BOOST_TEST(app::report_due_since(mondays, zone, at("2026-11-22T19:00:00Z")) == at("2026-11-22T18:00:00Z"));
  BOOST_TEST(app::next_report_after(mondays, zone, at("2026-11-22T19:00:00Z")) == at("2026-11-29T18:00:00Z"));
  const auto months = daily(0min, {"first", "last"});
  BOOST_TEST(app::next_report_after(months, Zone::utc(), at("2028-02-02T12:00:00Z")) == at("2028-02-29T00:00:00Z"));
  BOOST_TEST(app::next_report_after(months, Zone::utc(), at("2028-02-29T00:00:00Z")) == at("2028-03-01T00:00:00Z"));
  BOOST_TEST(app::report_due_since(months, Zone::utc(), at("2028-02-28T12:00:00Z")) == at("2028-02-01T00:00:00Z"));
  BOOST_TEST(app::report_due_since(months, Zone::utc(), at("2027-01-01T00:00:00Z")) == at("2027-01-01T00:00:00Z"));
}

BOOST_AUTO_TEST_CASE(a_change_of_the_clock_leaves_no_report_out_and_makes_none_twice) {
  const auto zone = Zone::named("Europe/Berlin");
  const auto report = daily(2h + 30min);
  // On 2026-03-29 there is no 02:30: the clock goes from 02:00 to 03:00, at 01:00 UTC.
  BOOST_TEST(app::next_report_after(report, zone, at("2026-03-28T12:00:00Z")) == at("2026-03-29T01:00:00Z"));
  BOOST_TEST(app::next_report_after(report, zone, at("2026-03-29T01:00:00Z")) == at("2026-03-30T00:30:00Z"));
  // On 2026-10-25 there are two: at 00:30 and 01:30 UTC.
  BOOST_TEST(app::next_report_after(report, zone, at("2026-10-24T12:00:00Z")) == at("2026-10-25T00:30:00Z"));
  BOOST_TEST(app::next_report_after(report, zone, at("2026-10-25T00:30:00Z")) == at("2026-10-26T01:30:00Z"));
  BOOST_TEST(app::report_due_since(report, zone, at("2026-10-25T01:45:00Z")) == at("2026-10-25T00:30:00Z"));
}

BOOST_AUTO_TEST_CASE(a_file_is_called_after_the_moment_at_which_it_was_due) {
  const auto zone = Zone::named("Asia/Almaty");
  auto report = daily(7h);
  const auto due = at("2026-11-22T20:05:00Z");
  BOOST_TEST(app::report_file_name(report, zone, due) == "week-2026-11-23.xlsx");
  report.file = "{report}_{date}T{time}_{name}{name}";
  report.format = "csv";
  BOOST_TEST(app::report_file_name(report, zone, due) == "visits_2026-11-23T0105_weekweek.csv");
  report.file = "latest";
  BOOST_TEST(app::report_file_name(report, zone, due) == "latest.csv");
}

BOOST_AUTO_TEST_CASE(another_schedule_has_another_text) {
  auto report = daily(7h);
  const auto text = app::schedule_text(report, Zone::utc());
  BOOST_TEST(text == "07:00 Etc/UTC");
  BOOST_TEST(app::schedule_text(report, Zone::named("Asia/Almaty")) != text);
  report.days = {"monday"};
  BOOST_TEST(app::schedule_text(report, Zone::utc()) == "07:00 monday Etc/UTC");
}

BOOST_AUTO_TEST_SUITE_END()
