#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "app/reports.hpp"
#include "config/choices.hpp"
#include "config_folder.hpp"
#include "domain/names.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

const std::string kWeek = "[[report]]\nname = \"week\"\nreport = \"visits\"\nas = \"anna\"\nwhen = \"07:00\"\n";
const std::string kMail = "[email]\nserver = \"mail.example.org\"\nfrom = \"visitor@example.org\"\n";
const std::string kDuty = "[[recipient]]\nname = \"duty\"\nemail = \"duty@example.org\"\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_reports, test::ConfigFolder)

BOOST_AUTO_TEST_CASE(a_report_is_read_with_its_defaults) {
  const auto reading = read(kWeek +
                            "format = \"pdf\"\ndays = [\"monday\", \"last\"]\nperiod = \"last-week\"\nlocale = \"ru\"\n"
                            "status = [\"CHECKED_OUT\"]\ncolumns = [\"guest\", \"host\"]\nsite = \"Main building\"\n"
                            "recipients = [\"director@example.org\", \"duty\", \"users:Night guards\"]\n"
                            "targets = [\"file:///srv/reports\", \"s3://reports/house\"]\nmail_limit = \"2MiB\"\n" +
                            kMail + kDuty);
  BOOST_TEST(reading.problems.empty());
  BOOST_REQUIRE_EQUAL(reading.settings.reports.size(), 1U);
  const auto& report = reading.settings.reports.front();
  BOOST_TEST(report.name == "week");
  BOOST_TEST((report.when == 7h));
  BOOST_TEST(report.days == (std::vector<std::string>{"monday", "last"}), boost::test_tools::per_element());
  BOOST_TEST(report.recipients.size() == 3U);
  BOOST_TEST(report.mail_limit == 2U << 20);
  const auto plain = read(kWeek + "targets = [\"file:///srv/reports\"]\n");
  BOOST_REQUIRE(plain.problems.empty());
  BOOST_TEST(plain.settings.reports.front().format == "xlsx");
  BOOST_TEST(plain.settings.reports.front().file == "{name}-{date}");
  BOOST_TEST(plain.settings.reports.front().period.empty());
}

BOOST_AUTO_TEST_CASE(what_a_report_must_have_is_missed) {
  BOOST_TEST(problems("[[report]]\nname = \"week\"\n").size() == 3U);
  BOOST_TEST(problem(kWeek) == "1: report.week: goes to nobody: give recipients or targets");
  BOOST_TEST(problem(kWeek + "recipients = [\"a@example.org\"]\n") == "6: report.week.recipients: needs email.server");
}

BOOST_AUTO_TEST_CASE(what_does_not_exist_is_named_with_a_near_one) {
  const std::string there = "targets = [\"file:///srv/reports\"]\n";
  BOOST_TEST(problem("[[report]]\nname = \"week\"\nreport = \"visit\"\nas = \"anna\"\nwhen = \"07:00\"\n" + there) ==
             "3: report.week.report: \"visit\" is unknown; did you mean \"visits\"?");
  BOOST_TEST(problem(kWeek + there + "format = \"xls\"\n") ==
             "7: report.week.format: \"xls\" is unknown; did you mean \"xlsx\"?");
  BOOST_TEST(problem(kWeek + there + "days = [\"mondays\"]\n") ==
             "7: report.week.days: \"mondays\" is unknown; did you mean \"monday\"?");
  BOOST_TEST(problem(kWeek + "recipients = [\"dutty\"]\n" + kMail + kDuty) ==
             "6: report.week.recipients: there is no [[recipient]] or [[group]] \"dutty\" with an e-mail; did you mean "
             "\"duty\"?");
}

BOOST_AUTO_TEST_CASE(values_that_make_no_sense_are_refused) {
  const std::string there = "targets = [\"file:///srv/reports\"]\n";
  for (const std::string wrong :
       {"when = \"24:00\"", "file = \"../{name}\"", "file = \".hidden\"", "file = \"\"", "file = \"{nobody}\"",
        "targets = [\"/srv/reports\"]", "recipients = [\"a b@example.org\"]", "recipients = [\"users:\"]",
        "mail_limit = \"1GiB\"", "time_zone = \"Mars/Base\"", "period = \"fortnight\"", "columns = [\"a;b\"]"}) {
    BOOST_TEST_CONTEXT(wrong) {
      auto text = kWeek;
      const auto key = wrong.substr(0, wrong.find(' '));
      if (const auto at = text.find(key + " ="); at != std::string::npos) text.erase(at, text.find('\n', at) + 1 - at);
      if (key != "targets") text += there;
      BOOST_TEST(problems(text + wrong + "\n" + kMail).size() == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_words_to_choose_from_are_those_of_the_reports) {
  std::vector<std::string_view> reports, formats;
  for (const auto* report : app::reports()) reports.push_back(report->name);
  for (const auto& row : domain::names<report::Format>()) formats.push_back(row.name);
  const std::vector<std::string_view> ours{config::kReports.begin(), config::kReports.end()};
  BOOST_TEST(reports == ours, boost::test_tools::per_element());
  const std::vector<std::string_view> known{config::kReportFormats.begin(), config::kReportFormats.end()};
  BOOST_TEST(formats == known, boost::test_tools::per_element());
  for (const auto period : config::kReportPeriods) {
    app::ReportWish wish;
    wish.period = period;
    BOOST_CHECK_NO_THROW(app::check_wish(app::get_report("visits"), wish));
  }
}

BOOST_AUTO_TEST_SUITE_END()
