#include "support/visitor_sim_log.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "sim_client.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;

struct LogFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("visitor_sim_log_" + std::to_string(::getpid()) + ".jsonl");
  LogFile() { std::filesystem::remove(path); }
  ~LogFile() { std::filesystem::remove(path); }
};

Event row(int minor) {
  Event event;
  event.time = test::at("2026-09-01T12:00:00Z");
  event.major = 5;
  event.minor = minor;
  event.employee_no = "0012";
  event.name = "Айгуль \"A\"";
  return event;
}

BOOST_AUTO_TEST_CASE(a_full_log_overwrites_its_oldest_rows) {
  EventLog log{3};
  for (int minor = 1; minor <= 5; ++minor) log.append({row(minor)});
  BOOST_REQUIRE_EQUAL(log.events().size(), 3U);
  BOOST_TEST(log.events().front().serial == 3U);
  BOOST_TEST(log.end_position() == 5U);
  BOOST_TEST(log.from_position(0, 10).front().second.serial == 3U);
  BOOST_TEST(log.from_position(4, 10).front().second.serial == 5U);
}

BOOST_FIXTURE_TEST_CASE(a_log_with_a_file_comes_back_as_it_was, LogFile) {
  std::deque<Event> before;
  {
    EventLog log{100, path};
    log.append({row(75), row(21)});
    log.restart_serials(1);
    log.append({row(22)});
    before = log.events();
  }
  EventLog log{100, path};
  BOOST_TEST((log.events() == before));
  BOOST_TEST(log.append({row(1)}) == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_wiped_log_stays_wiped, LogFile) {
  {
    EventLog log{100, path};
    log.append({row(75), row(21)});
    log.wipe();
  }
  EventLog log{100, path};
  BOOST_TEST(log.events().empty());
  BOOST_TEST(log.append({row(1)}) == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_torn_last_line_is_dropped_and_a_strange_one_is_an_error, LogFile) {
  { EventLog{100, path}.append({row(75), row(21)}); }
  std::ofstream{path, std::ios::app} << R"({"serial":3,"time_)";
  {
    EventLog log{100, path};
    BOOST_TEST(log.events().size() == 2U);
    log.append({row(22)});
  }
  BOOST_TEST((EventLog{100, path}.events().size() == 3U));
  std::ofstream{path, std::ios::app} << "hello\n";
  BOOST_CHECK_THROW((EventLog{100, path}), Error);
}

BOOST_FIXTURE_TEST_CASE(a_pass_is_two_rows_in_a_second_and_the_lock_closes_later, SimFixture) {
  start("K1T321MFWX");
  BOOST_TEST(terminal->walk({{"1001"}, 1, 2}) == 1U);
  auto events = terminal->events();
  BOOST_REQUIRE_EQUAL(events.size(), 2U);
  BOOST_TEST(events[0].minor == 75);
  BOOST_TEST(events[0].reader == 2);
  BOOST_TEST(events[1].minor == 21);
  BOOST_TEST((events[0].time == events[1].time));

  clock.advance(5s);
  events = terminal->events();
  BOOST_REQUIRE_EQUAL(events.size(), 3U);
  BOOST_TEST(events[2].minor == 22);
  BOOST_TEST((events[2].time == test::at("2026-09-01T12:00:05Z")));
}

BOOST_FIXTURE_TEST_CASE(the_342_unlocks_before_it_says_who_came, SimFixture) {
  start("K1T342MWX");
  BOOST_TEST(terminal->walk({{"1001"}}) == 2U);
  BOOST_TEST(terminal->events().front().minor == 21);
}

BOOST_FIXTURE_TEST_CASE(one_passage_may_leave_an_anonymous_twin, SimFixture) {
  start("anonymous-twin");
  terminal->walk({{"1001"}});
  const auto events = terminal->events();
  BOOST_REQUIRE_EQUAL(events.size(), 3U);
  BOOST_TEST(events[1].minor == 75);
  BOOST_TEST(events[1].employee_no == "");
}

BOOST_FIXTURE_TEST_CASE(refusals_doors_and_buttons_leave_their_rows, SimFixture) {
  start("K1T321MFWX");
  terminal->deny({{}, 1, 1, 76});
  terminal->deny({{"", "", "999"}, 1, 1, 9});
  terminal->door_contact(true);
  terminal->door_contact(false);
  terminal->remote_open();
  terminal->exit_button();
  std::vector<std::pair<int, int>> codes;
  for (const auto& event : terminal->events()) codes.emplace_back(event.major, event.minor);
  const std::vector<std::pair<int, int>> expected{{5, 76}, {5, 9},  {5, 25}, {5, 26}, {3, 1024},
                                                  {5, 21}, {5, 24}, {5, 23}, {5, 21}};
  BOOST_TEST((codes == expected));
  BOOST_TEST(terminal->events()[1].card_no == "999");

  start("K1T8003MF");
  BOOST_TEST(terminal->deny({{}, 1, 1, 76}) == 0U);
  BOOST_TEST(terminal->events().empty());
}

BOOST_FIXTURE_TEST_CASE(rows_carry_the_clock_of_the_device, SimFixture) {
  start("K1T321MFWX");
  terminal->set_clock_offset(-90s);
  terminal->power_on();
  terminal->set_device_time(test::at("1970-01-01T00:00:00Z"));
  clock.advance(2s);
  terminal->power_on();
  BOOST_TEST((terminal->events()[0].time == test::at("2026-09-01T11:58:30Z")));
  BOOST_TEST((terminal->events()[1].time == test::at("1970-01-01T00:00:02Z")));
}

BOOST_FIXTURE_TEST_CASE(serial_numbers_restart_with_or_without_the_rows, SimFixture) {
  start("K1T321MFWX");
  terminal->power_on();
  terminal->power_on();
  terminal->restart_serials();
  BOOST_TEST(terminal->power_on() == 1U);
  BOOST_TEST(terminal->events().size() == 3U);
  terminal->wipe_log();
  BOOST_TEST(terminal->events().empty());
  BOOST_TEST(terminal->power_on() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_backlog_has_its_size_and_ends_now, SimFixture) {
  start("K1T321MFWX");
  terminal->backlog(19'000, {{"1001"}, {"1002"}}, 24h);
  const auto events = terminal->events();
  BOOST_REQUIRE_EQUAL(events.size(), 19'000U);
  BOOST_TEST(events.back().serial == 19'000U);
  BOOST_TEST((events.front().time == clock.now() - 24h));
  BOOST_TEST((events.back().time <= clock.now()));
  BOOST_TEST(events[0].employee_no == "1001");
  BOOST_TEST(events[0].reader == 1);
  BOOST_TEST(events[3].reader == 2);
}

}  // namespace
}  // namespace visitor::sim
