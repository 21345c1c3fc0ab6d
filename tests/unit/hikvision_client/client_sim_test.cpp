#include <map>
#include <thread>

#include "client_fixture.hpp"
#include "core/clock.hpp"
#include "hikvision/search_sweep.hpp"
#include "support/visitor_sim.hpp"

namespace visitor::hikvision {
namespace {

/// A client and a strict simulated terminal that it polls.
struct SimFixture {
  SystemClock clock;

  static sim::TerminalOptions terminal_options(const sim::Profile& profile) {
    return {.profile = profile, .user = "poller", .password = std::string{kPassword}};
  }
  Client client(const sim::Terminal& terminal, std::chrono::milliseconds timeout = 5s) {
    auto given = ClientFixture::options(terminal.url());
    given.connect_timeout = timeout;
    given.request_timeout = timeout;
    return Client{std::move(given), clock};
  }
  SweepPlan plan(Client& ours) {
    SweepPlan result;
    const auto capabilities = ours.event_capabilities();
    if (capabilities) result.capabilities = *capabilities;
    result.from = search_time(clock.now() - std::chrono::hours{24}, 5h);
    result.to = search_time(clock.now(), 5h);
    result.may_drop_times = true;
    return result;
  }
};

template <class T>
void require(const Outcome<T>& outcome) {
  if (!outcome) BOOST_FAIL(outcome.failure().message);
}

struct Collected {
  Sweep sweep;
  std::map<std::uint64_t, int> serials;
};

Collected collect(Client& ours, const SweepPlan& plan) {
  Collected result;
  result.sweep = sweep(
      plan, [&](const SearchRequest& request) { return ours.search_events(request); },
      [&](const Page& page, const Sweep&) {
        for (const auto& event : page.events) ++result.serials[event.serial.value_or(0)];
        return true;
      });
  return result;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_sim, SimFixture)

BOOST_AUTO_TEST_CASE(every_model_hands_over_its_whole_log_and_finds_no_fault_with_us) {
  constexpr std::size_t kRows = 95;
  for (const auto& profile : sim::profiles()) {
    BOOST_TEST_CONTEXT(profile.name) {
      sim::Terminal terminal{terminal_options(profile)};
      terminal.start();
      const auto first = terminal.backlog(kRows, {{"1001", "Ann", "555"}, {"1002", "Bob"}}, std::chrono::hours{3});
      auto ours = client(terminal);

      const auto info = ours.device_info();
      require(info);
      BOOST_TEST(info->model.value_or("") == profile.model);
      const auto clock_reading = ours.system_time();
      require(clock_reading);

      const auto read = collect(ours, plan(ours));
      BOOST_TEST_REQUIRE(read.sweep.complete(), "the sweep ended as " << to_string(read.sweep.end));
      std::size_t found = 0;
      for (std::uint64_t serial = first; serial < first + kRows; ++serial) found += read.serials.count(serial);
      BOOST_TEST(found == kRows);

      const auto counters = terminal.counters();
      BOOST_TEST(counters.failed_logins == 0U);
      BOOST_TEST(counters.stale == 0U);
      BOOST_TEST(counters.malformed == 0U);
      BOOST_TEST(counters.parallel == 0U);
      BOOST_TEST((ours.certificate().has_value() == (profile.tls == sim::Tls::on)));
      if (const auto shown = ours.certificate()) BOOST_TEST(net::to_text(*shown) == terminal.certificate_sha256());
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_sweep_has_learnt_saves_the_next_one_every_refusal) {
  for (const auto* name : {"K1T8003MF", "K1T804AMF", "K1T341AM"}) {
    BOOST_TEST_CONTEXT(name) {
      sim::Terminal terminal{terminal_options(sim::find_profile(name).value())};
      terminal.start();
      terminal.backlog(25, {{"1001"}}, std::chrono::hours{1});
      auto ours = client(terminal);
      auto blind = plan(ours);
      blind.capabilities = {};
      const auto first = collect(ours, blind);
      BOOST_TEST(first.sweep.complete());
      BOOST_TEST(first.sweep.refused > 0U);
      terminal.reset_counters();
      blind.habits = first.sweep.habits;
      const auto second = collect(ours, blind);
      BOOST_TEST(second.sweep.complete());
      BOOST_TEST(second.sweep.refused == 0U);
      BOOST_TEST(terminal.counters().refused == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(faults_of_the_connection_and_the_answer_are_values_of_the_right_kind) {
  using sim::FaultKind;
  const std::pair<FaultKind, FailureKind> expected[] = {
      {FaultKind::refuse, FailureKind::offline},
      {FaultKind::drop, FailureKind::offline},
      {FaultKind::drop_midway, FailureKind::offline},
      {FaultKind::hang, FailureKind::timeout},
      {FaultKind::slow, FailureKind::timeout},
      {FaultKind::busy, FailureKind::busy},
      {FaultKind::device_error, FailureKind::device_error},
      {FaultKind::no_http, FailureKind::bad_answer},
      {FaultKind::redirect, FailureKind::refused},
      {FaultKind::garbage, FailureKind::bad_answer},
      {FaultKind::html, FailureKind::bad_answer},
      {FaultKind::truncated, FailureKind::bad_answer},
      {FaultKind::empty, FailureKind::bad_answer},
      {FaultKind::deep, FailureKind::bad_answer},
  };
  for (const auto& [fault, kind] : expected) {
    BOOST_TEST_CONTEXT(sim::name_of(fault)) {
      sim::Terminal terminal{terminal_options(sim::profiles().front())};
      terminal.start();
      terminal.backlog(5, {{"1001"}}, std::chrono::hours{1});
      auto ours = client(terminal, 300ms);
      terminal.arm({.kind = fault, .times = 0, .pace = 100ms});
      const auto begun = std::chrono::steady_clock::now();
      const auto outcome = ours.search_events({});
      BOOST_TEST((std::chrono::steady_clock::now() - begun < 3s));
      BOOST_REQUIRE(!outcome);
      BOOST_TEST(name(outcome.failure().kind) == name(kind));
      BOOST_TEST(!outcome.failure().message.empty());
      terminal.clear_faults();
      const auto after = ours.search_events({});
      BOOST_TEST(static_cast<bool>(after));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_endless_answer_is_cut) {
  sim::Terminal terminal{terminal_options(sim::profiles().front())};
  terminal.start();
  auto ours = client(terminal, 2s);
  terminal.arm({.kind = sim::FaultKind::endless, .times = 0});
  const auto kind = ours.search_events({}).failure().kind;
  BOOST_TEST((kind == FailureKind::bad_answer || kind == FailureKind::timeout), name(kind));
}

BOOST_AUTO_TEST_CASE(lies_about_the_page_change_nothing) {
  using sim::FaultKind;
  for (const auto fault : {FaultKind::lying_more, FaultKind::wrong_count, FaultKind::out_of_order_rows,
                           FaultKind::bad_utf8, FaultKind::wrong_type}) {
    BOOST_TEST_CONTEXT(sim::name_of(fault)) {
      sim::Terminal terminal{terminal_options(sim::find_profile("K1T8003MF").value())};
      terminal.start();
      terminal.backlog(35, {{"1001", "Ann"}}, std::chrono::hours{1});
      auto ours = client(terminal);
      const auto where = plan(ours);
      terminal.arm({.kind = fault, .times = 0});
      const auto read = collect(ours, where);
      BOOST_TEST_REQUIRE(read.sweep.complete(), "the sweep ended as " << to_string(read.sweep.end));
      BOOST_TEST(read.serials.size() >= 35U);
      BOOST_TEST((read.sweep.by_serial == RowOrder::mixed) == (fault == FaultKind::out_of_order_rows));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_tried_once_and_never_locks_the_terminal) {
  for (const auto& profile : sim::profiles()) {
    BOOST_TEST_CONTEXT(profile.name) {
      sim::Terminal terminal{terminal_options(profile)};
      terminal.start();
      terminal.set_password("somebody changed it");
      auto ours = client(terminal);
      for (int i = 0; i < 10; ++i) BOOST_TEST((ours.device_info().failure().kind == FailureKind::wrong_password));
      BOOST_TEST(terminal.counters().failed_logins == 1U);
      BOOST_TEST(!terminal.locked());
    }
  }
}

BOOST_AUTO_TEST_CASE(another_certificate_gets_nothing_from_us) {
  sim::Terminal terminal{terminal_options(sim::find_profile("K1T323MBWX").value())};
  terminal.start();
  auto ours = client(terminal);
  BOOST_TEST(static_cast<bool>(ours.device_info()));
  terminal.replace_certificate();
  terminal.reset_counters();
  const auto failure = ours.device_info().failure();
  BOOST_TEST((failure.kind == FailureKind::certificate_changed));
  BOOST_TEST(net::to_text(failure.certificate.value()) == terminal.certificate_sha256());
  BOOST_TEST(terminal.counters().requests == 0U);
}

BOOST_AUTO_TEST_CASE(a_restart_of_the_terminal_costs_one_challenge) {
  sim::Terminal terminal{terminal_options(sim::profiles().front())};
  terminal.start();
  auto ours = client(terminal);
  BOOST_TEST(static_cast<bool>(ours.device_info()));
  terminal.reboot(50ms);
  for (int i = 0; i < 100 && !ours.device_info(); ++i) std::this_thread::sleep_for(10ms);
  BOOST_TEST(static_cast<bool>(ours.device_info()));
  BOOST_TEST(terminal.counters().failed_logins == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
