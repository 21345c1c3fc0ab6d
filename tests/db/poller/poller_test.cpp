#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/error.hpp"
#include "polled.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using domain::TerminalState;
using test::Polled;

namespace {

void check_exactly_once(Polled& polled) {
  const auto [stored, different] = polled.stored_events();
  BOOST_TEST(stored == different);
  BOOST_TEST(stored == polled.device_events());
}

std::vector<sim::Person> people() {
  return {{.employee_no = "9001"}, {.employee_no = "9002"}, {.employee_no = "9003"}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_face_at_the_entry_checks_the_guest_in_at_the_terminals_time_and_one_at_the_exit_out) {
  Polled polled;
  polled.given_doors();
  const auto visit = polled.given_expected_guest("2001");
  polled.device.walk({.person = {.employee_no = "2001"}});
  BOOST_TEST(polled.poll().check_ins == 1);
  const auto inside = polled.stored_visit(visit).state;
  BOOST_TEST((inside.status == domain::VisitStatus::checked_in));
  BOOST_TEST(*inside.checked_in_at == polled.device.events().at(0).time);

  polled.device.walk({.person = {.employee_no = "2001"}, .reader = 2});
  BOOST_TEST(polled.poll().check_outs == 1);
  BOOST_TEST((polled.stored_visit(visit).state.status == domain::VisitStatus::checked_out));
}

BOOST_AUTO_TEST_CASE(polling_again_stores_nothing_again) {
  Polled polled;
  polled.device.backlog(100, people(), 1h);
  BOOST_TEST(polled.poll().stored == 100);
  BOOST_TEST(polled.poll().stored == 0);
  polled.given_new_poller();
  BOOST_TEST(polled.poll().stored == 0);
  check_exactly_once(polled);
}

BOOST_AUTO_TEST_CASE(every_named_profile_is_read_completely) {
  for (const auto& profile : sim::profiles()) {
    if (profile.tls == sim::Tls::broken) continue;
    BOOST_TEST_CONTEXT(profile.name) {
      Polled polled{Polled::options_of(profile.name)};
      polled.device.backlog(95, people(), 2h);
      polled.device.walk({.person = {.employee_no = "9001"}});
      const auto report = polled.poll();
      BOOST_TEST((report.state == TerminalState::online), polled.stored_terminal().last_error);
      check_exactly_once(polled);
      polled.device.walk({.person = {.employee_no = "9002"}});
      polled.poll();
      check_exactly_once(polled);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_fault_of_a_page_costs_nothing_once_it_is_over) {
  using sim::FaultKind;
  for (const auto kind :
       {FaultKind::drop, FaultKind::drop_midway, FaultKind::busy, FaultKind::device_error, FaultKind::garbage,
        FaultKind::html, FaultKind::truncated, FaultKind::empty, FaultKind::deep, FaultKind::wrong_type,
        FaultKind::lying_more, FaultKind::empty_ok, FaultKind::wrong_count, FaultKind::duplicate_rows,
        FaultKind::out_of_order_rows, FaultKind::single_object, FaultKind::hang, FaultKind::endless}) {
    BOOST_TEST_CONTEXT(sim::name_of(kind)) {
      Polled polled;
      polled.settings.polling.request_timeout = 500ms;
      polled.device.backlog(65, people(), 2h);
      polled.device.arm({.kind = kind, .times = 2, .target = "AcsEvent?"});
      for (int i = 0; i < 4; ++i) polled.poll();
      polled.given_new_poller();
      const auto report = polled.poll();
      BOOST_TEST((report.state == TerminalState::online), polled.stored_terminal().last_error);
      check_exactly_once(polled);
    }
  }
}

BOOST_AUTO_TEST_CASE(serial_numbers_that_start_again_begin_a_new_epoch) {
  Polled polled;
  polled.device.backlog(40, people(), 1h);
  polled.poll();
  polled.device.wipe_log();
  polled.device.restart_serials();
  polled.device.walk({.person = {.employee_no = "9001"}});
  BOOST_TEST(polled.poll().stored >= 2);
  BOOST_TEST(polled.stored_terminal().epoch == 2);
  polled.device.walk({.person = {.employee_no = "9002"}});
  polled.poll();
  BOOST_TEST(polled.stored_terminal().epoch == 2);
}

BOOST_AUTO_TEST_CASE(a_clock_that_falls_back_to_1970_loses_no_event_neither_then_nor_when_it_is_set_right) {
  Polled polled;
  polled.device.backlog(10, people(), 1h);
  polled.poll();
  const auto offset = polled.device.device_time() - polled.clock.now();
  polled.device.set_device_time(Instant{} + 24h);
  polled.poll();
  polled.device.walk({.person = {.employee_no = "9001"}});
  polled.poll();
  polled.device.walk({.person = {.employee_no = "9002"}});
  polled.device.set_clock_offset(offset);
  polled.device.walk({.person = {.employee_no = "9003"}});
  polled.poll();
  polled.poll();
  check_exactly_once(polled);
}

BOOST_AUTO_TEST_CASE(skipped_serial_numbers_are_asked_for_again_and_then_named) {
  Polled polled;
  polled.device.backlog(5, people(), 1h);
  polled.poll();
  polled.device.restart_serials(20);
  polled.device.walk({.person = {.employee_no = "9001"}});
  polled.poll();
  polled.poll();

  db::Transaction tx{polled.pool};
  const auto gap =
      tx.row("SELECT first_serial, last_serial, state FROM serial_gap WHERE terminal_id = $1", polled.terminal);
  BOOST_TEST(gap.get<std::string>("state") == "missing");
  BOOST_TEST(
      tx.row("SELECT count(*)::int AS n FROM incident WHERE type = 'event_gap' AND terminal_id = $1", polled.terminal)
          .get<int>("n") == 1);
  BOOST_TEST(gap.get<std::int64_t>("last_serial") == 19);
}

BOOST_AUTO_TEST_CASE(our_own_log_ins_are_counted_but_neither_stored_nor_missed) {
  Polled polled;
  BOOST_REQUIRE(polled.device.options().profile.login_noise);
  polled.device.backlog(5, people(), 1h);
  for (int i = 0; i < 3; ++i) polled.poll();
  polled.device.walk({.person = {.employee_no = "9001"}});
  polled.poll();
  check_exactly_once(polled);
  BOOST_TEST(polled.stored_terminal().noise_count > 0);

  db::Transaction tx{polled.pool};
  BOOST_TEST(
      tx.row("SELECT count(*)::int AS gaps FROM serial_gap WHERE terminal_id = $1", polled.terminal).get<int>("gaps") ==
      0);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_tried_once_and_no_restart_spends_the_last_try) {
  Polled polled;
  polled.device.set_password("changed");
  BOOST_TEST((polled.poll().state == TerminalState::refused));
  const auto failed = polled.device.counters().failed_logins;
  for (int i = 0; i < 5; ++i) {
    polled.given_new_poller();
    polled.poll();
  }
  BOOST_TEST(polled.device.counters().failed_logins == failed);
  BOOST_TEST(!polled.device.locked());
  BOOST_TEST(polled.stored_terminal().last_error.find("changed") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(after_a_refusal_the_right_password_is_tried_at_the_next_poll) {
  Polled polled;
  polled.device.set_password("changed");
  BOOST_TEST((polled.poll().state == TerminalState::refused));
  polled.given_password("changed");
  BOOST_TEST((polled.poll().state == TerminalState::online));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_is_away_is_offline_and_is_read_on_when_it_is_back) {
  Polled polled;
  polled.device.backlog(5, people(), 1h);
  polled.poll();
  polled.device.stop();
  const auto report = polled.poll();
  BOOST_TEST((report.state == TerminalState::offline));
  BOOST_TEST((report.wait >= polled.settings.polling.interval));
  BOOST_TEST(polled.stored_terminal().failures == 1);

  polled.device.walk({.person = {.employee_no = "9001"}});
  polled.device.start();
  BOOST_TEST((polled.poll().state == TerminalState::online));
  BOOST_TEST(polled.stored_terminal().failures == 0);
  check_exactly_once(polled);
}

BOOST_AUTO_TEST_CASE(another_certificate_is_refused_until_a_person_decides) {
  auto options = Polled::options_of("K1T342MWX");
  options.profile.tls = sim::Tls::on;
  Polled polled{options};
  BOOST_TEST((polled.poll().state == TerminalState::online), polled.stored_terminal().last_error);
  BOOST_TEST(polled.stored_terminal().certificate_sha256.has_value());
  polled.device.stop();
  polled.device.replace_certificate();
  polled.device.start();
  BOOST_TEST((polled.poll().state == TerminalState::certificate_changed));
  polled.given_new_poller();
  BOOST_TEST((polled.poll().state == TerminalState::certificate_changed));
}

BOOST_AUTO_TEST_CASE(whoever_lost_the_lease_stops_and_stores_nothing) {
  Polled polled;
  polled.device.walk({.person = {.employee_no = "9001"}});
  polled.holder = "somebody else";
  polled.given_new_poller();
  BOOST_TEST((polled.poll().end == app::PollReport::End::lease_lost));
  BOOST_TEST(polled.stored_events().first == 0);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_poll_that_hangs_at_once) {
  Polled polled;
  polled.settings.polling.request_timeout = 60s;
  polled.given_new_poller();
  polled.device.arm({.kind = sim::FaultKind::hang, .times = 0});
  std::stop_source stop;
  std::jthread later{[&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  }};
  const auto begun = std::chrono::steady_clock::now();
  BOOST_TEST((polled.poller->poll(stop.get_token()).end == app::PollReport::End::stopped));
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
}
