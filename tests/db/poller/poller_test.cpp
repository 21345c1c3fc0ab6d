#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/error.hpp"
#include "polled.hpp"
#include "support/house.hpp"

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

namespace {

/// An exit without an entry: an incident that somebody looked at the camera for.
struct Raising : Polled {
  explicit Raising(std::size_t picture_bytes = 20'000) : Polled(with_pictures(picture_bytes)) {
    settings.rules.off = {"suspicious_time"};  // whenever the test runs
    given_doors();
  }

  static sim::TerminalOptions with_pictures(std::size_t bytes) {
    auto options = options_of("K1T342MWX");
    options.picture_bytes = bytes;
    return options;
  }
  void somebody_leaves_unseen() {
    const auto employee_no = std::to_string(300'000 + test::unique_number());
    given_expected_guest(employee_no);
    device.walk({.person = {.employee_no = employee_no}, .reader = 2});
  }
  /// Sizes of what is stored of the events of this terminal.
  std::vector<int> pictures() {
    db::Transaction tx{pool};
    std::vector<int> sizes;
    for (const auto& row : tx.rows("SELECT length(p.picture) AS bytes FROM event_picture p JOIN access_event e USING"
                                   " (terminal_id, serial, occurred_at, major, minor, epoch)"
                                   " WHERE p.terminal_id = $1 ORDER BY p.serial",
                                   terminal))
      sizes.push_back(row.get<int>("bytes"));
    return sizes;
  }
  int asked_for_pictures() {
    int asked = 0;
    for (const auto& exchange : device.exchanges()) asked += exchange.authenticated && is_picture(exchange);
    return asked;
  }
  static bool is_picture(const sim::Exchange& exchange) { return exchange.target.starts_with("/LOCALS/"); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_the_camera_saw_of_an_event_that_raises_an_incident_is_kept_and_nothing_else) {
  Raising polled;
  polled.given_expected_guest("3001");
  polled.device.walk({.person = {.employee_no = "3001"}});
  BOOST_TEST(polled.poll().incidents == 0);
  BOOST_TEST(polled.asked_for_pictures() == 0);
  polled.somebody_leaves_unseen();
  BOOST_TEST(polled.poll().incidents == 1);
  BOOST_TEST(polled.pictures() == std::vector{20'000}, boost::test_tools::per_element());
  BOOST_TEST(polled.asked_for_pictures() == 1);
  polled.poll();
  BOOST_TEST(polled.asked_for_pictures() == 1);
  // The address in the event is not the terminal's: only the terminal itself was asked.
  db::Transaction tx{polled.pool};
  BOOST_TEST(tx.row("SELECT raw->>'pictureURL' AS url FROM access_event WHERE terminal_id = $1 AND raw ? 'pictureURL'"
                    " ORDER BY id DESC LIMIT 1",
                    polled.terminal)
                 .get<std::string>("url")
                 .starts_with("https://192.0.2.64/LOCALS/pic/"));
}

BOOST_AUTO_TEST_CASE(a_picture_that_is_gone_or_too_large_is_left_out) {
  for (const std::size_t bytes : {std::size_t{0}, (std::size_t{2} << 20) + 1, std::size_t{9} << 20}) {
    Raising polled{bytes};
    polled.somebody_leaves_unseen();
    const auto report = polled.poll();
    BOOST_TEST_CONTEXT(bytes << " bytes") {
      BOOST_TEST((report.state == TerminalState::online), polled.stored_terminal().last_error);
      BOOST_TEST(report.incidents == 1);
      BOOST_TEST(polled.pictures().empty());
      BOOST_TEST(polled.asked_for_pictures() == 1);
      BOOST_TEST((polled.poll().state == TerminalState::online));
    }
    check_exactly_once(polled);
  }
  Raising largest{std::size_t{2} << 20};
  largest.somebody_leaves_unseen();
  largest.poll();
  BOOST_TEST(largest.pictures().size() == 1U);
}

BOOST_AUTO_TEST_CASE(whatever_goes_wrong_with_a_picture_the_terminal_is_polled_on) {
  using sim::FaultKind;
  for (const auto kind : {FaultKind::drop, FaultKind::drop_midway, FaultKind::busy, FaultKind::device_error,
                          FaultKind::no_http, FaultKind::redirect, FaultKind::garbage, FaultKind::html,
                          FaultKind::empty, FaultKind::endless, FaultKind::wrong_password}) {
    BOOST_TEST_CONTEXT(sim::name_of(kind)) {
      Raising polled;
      polled.device.arm({.kind = kind, .times = 0, .target = "/LOCALS/"});
      polled.somebody_leaves_unseen();
      const auto report = polled.poll();
      BOOST_TEST((report.state == TerminalState::online), polled.stored_terminal().last_error);
      BOOST_TEST(report.incidents == 1);
      BOOST_TEST(polled.pictures().empty());
      polled.device.walk({.person = {.employee_no = "3006"}});
      BOOST_TEST((polled.poll().state == TerminalState::online), polled.stored_terminal().last_error);
      check_exactly_once(polled);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_picture_that_hangs_is_not_waited_for_long_and_none_is_asked_for_in_the_next_minute) {
  Raising polled;
  polled.settings.polling.request_timeout = 300ms;
  polled.given_new_poller();
  polled.device.arm({.kind = sim::FaultKind::hang, .times = 1, .target = "/LOCALS/"});
  polled.somebody_leaves_unseen();
  polled.somebody_leaves_unseen();
  const auto begun = std::chrono::steady_clock::now();
  const auto report = polled.poll();
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 2500ms));
  BOOST_TEST((report.state == TerminalState::online), polled.stored_terminal().last_error);
  BOOST_TEST(report.incidents == 2);
  BOOST_TEST(polled.asked_for_pictures() == 1);
  BOOST_TEST(polled.pictures().empty());
  polled.somebody_leaves_unseen();
  BOOST_TEST(polled.poll().incidents == 1);
  BOOST_TEST(polled.asked_for_pictures() == 1);
  check_exactly_once(polled);
}
