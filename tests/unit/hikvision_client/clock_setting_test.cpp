#include "hikvision/clock_setting.hpp"

#include "client_fixture.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "support/visitor_sim.hpp"

namespace visitor::hikvision {
namespace {

struct ClockFixture {
  SystemClock clock;
  sim::Terminal terminal{{.user = "poller", .password = std::string{kPassword}}};
  std::optional<Client> client;

  ClockFixture() {
    terminal.start();
    client.emplace(ClientFixture::options(terminal.url()), clock);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clock_setting, ClockFixture)

BOOST_AUTO_TEST_CASE(a_clock_that_is_off_shows_our_time_after_it_was_set) {
  terminal.set_clock_offset(std::chrono::hours{-30});
  const auto set = set_clock(*client, clock, 5h);
  if (!set) BOOST_FAIL(set.failure().message);
  BOOST_TEST((*set->before.ahead() < std::chrono::hours{-29}));
  BOOST_TEST((std::chrono::abs(*set->after.ahead()) <= kClockTolerance));
  BOOST_TEST(set->time_zone == "CST-5:00:00");
  BOOST_TEST(*set->before.time.mode == "NTP");
  BOOST_TEST(*set->after.time.mode == "manual");
  BOOST_TEST((std::chrono::abs(terminal.device_time() - clock.now()) <= kClockTolerance));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_refuses_is_a_failure_and_stays_as_it_is) {
  terminal.set_clock_offset(std::chrono::hours{1});
  const auto refused = client->set_system_time(LocalTime{std::chrono::hours{24 * 365 * 60}}, "XYZ-1:00:00");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((terminal.device_time() - clock.now() > 59min));
  BOOST_CHECK_THROW(client->set_system_time(LocalTime{}, "<Time>"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clock_bodies)

BOOST_AUTO_TEST_CASE(the_time_goes_without_an_offset_and_the_zone_beside_it) {
  const LocalTime local{std::chrono::local_days{std::chrono::year{2026} / 9 / 1} + 17h + 27min + 53s};
  const auto body = system_time_body(local, "CST-8:00:00DST00:30:00,M4.1.0/02:00:00,M10.5.0/02:00:00");
  BOOST_TEST(body.find("<timeMode>manual</timeMode>") != std::string::npos);
  BOOST_TEST(body.find("<localTime>2026-09-01T17:27:53</localTime>") != std::string::npos);
  BOOST_TEST(body.find("<timeZone>CST-8:00:00DST00:30:00,M4.1.0/02:00:00,M10.5.0/02:00:00</timeZone>") !=
             std::string::npos);
  BOOST_CHECK_THROW(system_time_body(local, ""), Error);
  BOOST_CHECK_THROW(system_time_body(local, "somewhere"), Error);
  BOOST_CHECK_THROW(system_time_body(local, "CST-8:00:00</timeZone><x>"), Error);
}

BOOST_AUTO_TEST_CASE(zones_are_written_as_they_are_read) {
  for (const auto offset : {0min, 300min, 345min, -240min, -210min, 840min}) {
    const auto zone = parse_device_zone(device_zone_text(offset));
    BOOST_REQUIRE(zone);
    BOOST_TEST((zone->standard == offset));
  }
  BOOST_TEST(device_zone_text(5h) == "CST-5:00:00");
  BOOST_TEST(device_zone_text(-210min) == "CST+3:30:00");
}

BOOST_AUTO_TEST_CASE(the_clock_face_follows_summer_time) {
  const auto zone = *parse_device_zone("CST-8:00:00DST00:30:00,M4.1.0/02:00:00,M10.5.0/02:00:00");
  const auto face = [&](int month, int day, std::chrono::minutes utc) {
    const std::chrono::sys_days date{std::chrono::year{2026} / month / day};
    return zone.local_at(Instant{date} + utc) - LocalTime{std::chrono::local_days{date.time_since_epoch()}};
  };
  // 5 April 2026 is the first Sunday: at 02:00 the clock goes to 02:30; 25 October is the last one.
  BOOST_TEST((face(4, 4, 17h + 59min) == 25h + 59min));
  BOOST_TEST((face(4, 4, 18h) == 26h + 30min));
  BOOST_TEST((face(7, 1, 0h) == 8h + 30min));
  BOOST_TEST((face(10, 24, 17h + 29min) == 25h + 59min));
  BOOST_TEST((face(12, 1, 0h) == 8h));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
