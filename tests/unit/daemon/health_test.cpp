#include "app/health.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "app/metrics.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using app::CheckStatus;
using app::HealthStatus;
using domain::TerminalState;

namespace {

constexpr auto kNow = "2026-09-01T08:00:00Z";

struct Fixture {
  app::HealthInput input;
  Fixture() {
    input.now = test::at(kNow);
    input.disk = app::DiskFacts{50ULL << 30, 100ULL << 30};
    input.house = app::HouseFacts{};
    input.house->answered_in = 3ms;
    input.house->jobs.push_back({"timed_rules", input.now - 1s, input.now, true, "", input.now + 4s, "host:1"});
    terminals(TerminalState::online, 4);
  }

  void terminals(TerminalState state, std::int64_t count) {
    auto& overview = input.house->overview;
    overview.terminals_enabled += count - overview.terminals[static_cast<std::size_t>(state)];
    overview.terminals[static_cast<std::size_t>(state)] = count;
  }
  app::Check check(const std::string& name) const {
    for (const auto& check : app::assess(input).checks)
      if (check.name == name) return check;
    BOOST_FAIL("there is no check " + name);
    return {};
  }
  HealthStatus status() const { return app::assess(input).status; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(health, Fixture)

BOOST_AUTO_TEST_CASE(healthy_house_has_good_checks_in_a_fixed_order_and_says_that_it_makes_no_backups) {
  const auto health = app::assess(input);
  BOOST_TEST((health.status == HealthStatus::healthy));
  std::vector<std::string> names;
  for (const auto& check : health.checks) {
    names.push_back(check.name);
    const auto expected = check.name == "backup" ? CheckStatus::unknown : CheckStatus::ok;
    BOOST_TEST((check.status == expected), check.name << ": " << check.message);
  }
  const std::vector<std::string> expected{"database", "terminals", "outbox", "scheduler", "disk", "backup"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  BOOST_TEST(app::plugin_status(health) == 0);
}

BOOST_AUTO_TEST_CASE(no_database_is_unhealthy_and_what_it_knew_is_unknown) {
  input.house.reset();
  BOOST_TEST((status() == HealthStatus::unhealthy));
  BOOST_TEST((check("database").status == CheckStatus::critical));
  for (const auto* name : {"terminals", "outbox", "scheduler"}) {
    BOOST_TEST((check(name).status == CheckStatus::unknown));
    BOOST_TEST(!check(name).value);
  }
  BOOST_TEST(app::plugin_status(app::assess(input)) == 2);
}

BOOST_AUTO_TEST_CASE(slow_database_is_degraded) {
  input.house->answered_in = 1'000ms;
  BOOST_TEST((status() == HealthStatus::degraded));
  BOOST_TEST(check("database").value.value() == 1000);
}

BOOST_AUTO_TEST_CASE(one_bad_terminal_is_a_warning_and_all_are_critical) {
  terminals(TerminalState::online, 3);
  terminals(TerminalState::refused, 1);
  BOOST_TEST((check("terminals").status == CheckStatus::warning));
  BOOST_TEST(check("terminals").value.value() == 1);
  BOOST_TEST(check("terminals").message == "1 of 4 terminals does not answer");
  terminals(TerminalState::online, 0);
  terminals(TerminalState::offline, 3);
  BOOST_TEST((check("terminals").status == CheckStatus::critical));
  BOOST_TEST((status() == HealthStatus::unhealthy));
}

BOOST_AUTO_TEST_CASE(house_without_terminals_and_a_new_terminal_are_fine) {
  terminals(TerminalState::online, 0);
  BOOST_TEST((check("terminals").status == CheckStatus::ok));
  terminals(TerminalState::fresh, 1);
  BOOST_TEST((check("terminals").status == CheckStatus::ok));
}

BOOST_AUTO_TEST_CASE(age_of_the_oldest_waiting_alert_counts) {
  auto& outbox = input.house->overview.outbox;
  outbox.waiting = 2;
  outbox.oldest = input.now - 59s;
  BOOST_TEST((check("outbox").status == CheckStatus::ok));
  outbox.oldest = input.now - 60s;
  BOOST_TEST((check("outbox").status == CheckStatus::warning));
  BOOST_TEST(check("outbox").message == "2 alerts are waiting, the oldest for 1 min");
  outbox.oldest = input.now - 10min;
  BOOST_TEST((check("outbox").status == CheckStatus::critical));
}

BOOST_AUTO_TEST_CASE(job_that_is_behind_says_that_no_daemon_runs) {
  input.house->jobs[0].next_run_at = input.now - 61s;
  BOOST_TEST((check("scheduler").status == CheckStatus::warning));
  BOOST_TEST(check("scheduler").value.value() == 61);
  BOOST_TEST(check("scheduler").message == "timed_rules is behind by 1 min; is visitord running?");
  input.house->jobs[0].next_run_at = input.now - 300s;
  BOOST_TEST((check("scheduler").status == CheckStatus::critical));
}

BOOST_AUTO_TEST_CASE(a_restored_database_that_waits_for_a_word_is_a_warning_whatever_is_late) {
  input.house->jobs[0].next_run_at = input.now - 300s;
  input.house->overview.held_since = input.now - 60s;
  BOOST_TEST((check("scheduler").status == CheckStatus::warning));
  BOOST_TEST(check("scheduler").message ==
             "the database was restored, and does nothing by itself until 'visitorctl resume'");
}

BOOST_AUTO_TEST_CASE(job_that_never_ran_is_critical) {
  input.house->jobs.clear();
  BOOST_TEST((check("scheduler").status == CheckStatus::critical));
  BOOST_TEST(check("scheduler").message == "no job has ever run; is visitord running?");
}

BOOST_AUTO_TEST_CASE(failed_job_and_failing_loop_are_warnings_and_a_stalled_loop_is_critical) {
  input.house->jobs[0].ok = false;
  input.house->jobs[0].message = "connection to server at \"10.0.0.7\" failed";
  BOOST_TEST((check("scheduler").status == CheckStatus::warning));
  BOOST_TEST(app::to_json(app::assess(input)).find("10.0.0.7") == std::string::npos);
  input.house->jobs[0].ok = true;
  input.loops.push_back({"alerts", false, true, {}});
  BOOST_TEST((check("scheduler").status == CheckStatus::warning));
  input.loops.push_back({"poll", true, false, {}});
  BOOST_TEST((check("scheduler").status == CheckStatus::critical));
  BOOST_TEST(check("scheduler").message == "poll has stalled");
}

BOOST_AUTO_TEST_CASE(what_is_put_off_on_purpose_is_not_late) {
  auto& outbox = input.house->overview.outbox;
  outbox.waiting = 2;
  BOOST_TEST((check("outbox").status == CheckStatus::ok));
  BOOST_TEST(check("outbox").message == "2 alerts are put off on purpose");
}

BOOST_AUTO_TEST_CASE(a_channel_that_takes_no_canary_is_found_where_any_is_sent) {
  auto& canary = input.house->canary;
  BOOST_TEST(app::assess(input).checks.size() == 6U);
  canary.interval = 60s;
  BOOST_TEST(app::assess(input).checks.size() == 7U);
  BOOST_TEST((check("canary").status == CheckStatus::ok));
  canary.channels = {{domain::Channel::log, input.now - 10s}, {domain::Channel::email, {}}};
  BOOST_TEST((check("canary").status == CheckStatus::ok));
  canary.channels[1].silent_since = input.now - 119s;
  BOOST_TEST((check("canary").status == CheckStatus::ok));
  canary.channels[1].silent_since = input.now - 120s;
  BOOST_TEST((check("canary").status == CheckStatus::warning));
  BOOST_TEST(check("canary").message == "email has taken no canary for 2 min");
  canary.channels[1].silent_since = input.now - 180s;
  BOOST_TEST((check("canary").status == CheckStatus::critical));
}

BOOST_AUTO_TEST_CASE(full_disk_is_found_from_below) {
  input.disk = app::DiskFacts{10, 100};
  BOOST_TEST((check("disk").status == CheckStatus::warning));
  input.disk = app::DiskFacts{5, 100};
  BOOST_TEST((check("disk").status == CheckStatus::critical));
  input.disk.reset();
  BOOST_TEST((check("disk").status == CheckStatus::unknown));
  BOOST_TEST((status() == HealthStatus::degraded));
}

BOOST_AUTO_TEST_CASE(disk_of_a_state_directory_that_does_not_exist_yet_is_the_one_above) {
  config::Settings settings;
  settings.state_directory = "/tmp/there/is/no/such/place";
  const auto disk = app::look_at_disk(settings);
  BOOST_REQUIRE(disk);
  BOOST_TEST(disk->size_bytes > 0U);
}

BOOST_AUTO_TEST_CASE(json_has_stable_names_values_units_and_thresholds) {
  const auto json = boost::json::parse(app::to_json(app::assess(input)));
  BOOST_TEST(json.at("status").as_string() == "healthy");
  BOOST_TEST(json.at("timestamp").as_string() == kNow);
  const auto& database = json.at("checks").at("database").as_object();
  BOOST_TEST(database.at("status").as_string() == "ok");
  BOOST_TEST(database.at("value").to_number<double>() == 3);
  BOOST_TEST(database.at("unit").as_string() == "ms");
  BOOST_TEST(database.at("warning").to_number<double>() == 1000);
  BOOST_TEST(!database.contains("critical"));
  BOOST_TEST(json.at("checks").at("disk").at("value").to_number<double>() == 50);
}

BOOST_AUTO_TEST_CASE(plugin_line_names_what_is_wrong_and_has_the_figures) {
  BOOST_TEST(app::to_plugin_line(app::assess(input)) ==
             "VISITOR OK - the database answers in 3 ms; all 4 terminals answer; no alert is waiting; all jobs run on "
             "time; 50.0 GiB free; no backups are made: no target is configured | database=3ms;1000; terminals=0;1;4 "
             "outbox=0s;60;600 scheduler=0s;60;300 disk=50%;10:;5:");
  input.disk = app::DiskFacts{1ULL << 20, 100ULL << 20};
  BOOST_TEST(app::to_plugin_line(app::assess(input)).starts_with("VISITOR CRITICAL - 1 MiB free | "));
}

BOOST_AUTO_TEST_CASE(a_house_that_is_to_make_backups_and_has_none_is_unhealthy) {
  auto& backup = input.house->backup;
  backup.targets = {"file:///var/backups/visitor"};
  backup.runs.push_back({"a", "failed", "gate", "", input.now - 1h, input.now - 59min, 0});
  BOOST_TEST((status() == HealthStatus::unhealthy));
  BOOST_TEST(check("backup").message == "there is no good backup; the last backup failed");
  app::MetricsText text;
  app::add_gauges(text, input.house, input.now);
  BOOST_TEST(text.text().find("visitor_backup_last_run_ok 0\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(gauges_are_absent_without_a_database) {
  app::MetricsText none;
  app::add_gauges(none, std::nullopt, input.now);
  BOOST_TEST(none.text().empty());

  input.house->overview.inside = 12;
  input.house->overview.open_incidents[2] = 3;
  app::MetricsText some;
  app::add_gauges(some, input.house, input.now);
  for (const auto* line : {"visitor_people_inside 12\n", "visitor_incidents_open{severity=\"high\"} 3\n",
                           "visitor_terminals{state=\"online\"} 4\n", "visitor_outbox_oldest_seconds 0\n"})
    BOOST_TEST(some.text().find(line) != std::string::npos, line << " is missing");
}

BOOST_AUTO_TEST_SUITE_END()
