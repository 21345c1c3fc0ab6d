#include "daemon/loops/loop_runner.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <thread>

#include "core/error.hpp"
#include "support/captured_log.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using daemon::LoopRunner;
using daemon::pause_after;

namespace {

using SteadyClock = std::chrono::steady_clock;

class TestLoop final : public daemon::Loop {
 public:
  TestLoop(std::function<void(std::stop_token)> work, std::chrono::milliseconds patience)
      : work_(std::move(work)), patience_(patience) {}
  std::string name() const override { return "test"; }
  std::chrono::milliseconds period() const override { return 1ms; }
  std::chrono::milliseconds patience() const override { return patience_; }
  void tick(Instant, std::stop_token stop) override { work_(std::move(stop)); }

 private:
  std::function<void(std::stop_token)> work_;
  std::chrono::milliseconds patience_;
};

std::unique_ptr<daemon::Loop> loop(std::function<void(std::stop_token)> work,
                                   std::chrono::milliseconds patience = 60s) {
  return std::make_unique<TestLoop>(std::move(work), patience);
}

template <class Condition>
bool soon(Condition&& condition) {
  const auto until = SteadyClock::now() + 10s;
  while (!condition()) {
    if (SteadyClock::now() > until) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

struct Fixture {
  test::CapturedLog log;
  test::ManualClock clock{test::at("2026-09-01T08:00:00Z")};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(loop_runner, Fixture)

BOOST_AUTO_TEST_CASE(pause_doubles_with_each_failure_up_to_five_seconds_or_the_period) {
  BOOST_TEST((pause_after(1s, 0) == 1s));
  BOOST_TEST((pause_after(1s, 1) == 2s));
  BOOST_TEST((pause_after(1s, 2) == 4s));
  BOOST_TEST((pause_after(1s, 1'000'000) == 5s));
  BOOST_TEST((pause_after(1h, 5) == 1h));
  BOOST_TEST((pause_after(0ms, 0) == 1ms));
}

BOOST_AUTO_TEST_CASE(loop_ticks_again_and_again_and_keeps_when_it_was_good) {
  std::atomic<int> ticks{0};
  LoopRunner runner{loop([&](const std::stop_token&) { ++ticks; }), clock};
  BOOST_TEST(soon([&] { return ticks >= 3; }));
  BOOST_TEST((runner.fact().last_good == clock.now()));
  BOOST_TEST(!runner.fact().failing);
  BOOST_TEST(!runner.fact().stalled);
}

BOOST_AUTO_TEST_CASE(same_failure_is_logged_once_another_once_more_and_the_end_of_the_row_too) {
  std::atomic<int> ticks{0};
  {
    LoopRunner runner{loop([&](const std::stop_token&) {
                        const int tick = ++ticks;
                        if (tick <= 3) throw Error(Errc::database, "the database is away", "Start it.");
                        if (tick == 4) throw Error(Errc::database, "the database is slow");
                      }),
                      clock};
    BOOST_TEST(soon([&] { return ticks >= 3; }));
    BOOST_TEST(runner.fact().failing);
    BOOST_TEST(soon([&] { return ticks >= 7; }));
    BOOST_TEST(!runner.fact().failing);
  }
  BOOST_TEST(log.count("warning test: the database is away. Start it.") == 1);
  BOOST_TEST(log.count("warning test: the database is slow") == 1);
  BOOST_TEST(log.count("info test: works again after 4 failed tries in 0 s") == 1);
}

BOOST_AUTO_TEST_CASE(foreign_exception_is_a_failure_and_not_the_end) {
  std::atomic<int> ticks{0};
  {
    LoopRunner runner{loop([&](const std::stop_token&) {
                        if (++ticks == 1) throw std::runtime_error("bad luck");
                      }),
                      clock};
    BOOST_TEST(soon([&] { return ticks >= 2; }));
  }
  BOOST_TEST(log.count("warning test: bad luck") == 1);
}

BOOST_AUTO_TEST_CASE(tick_that_does_not_end_is_stalled_and_one_that_fails_is_not) {
  std::atomic<bool> go{false};
  std::atomic<int> ticks{0};
  LoopRunner hangs{loop(
                       [&](const std::stop_token&) {
                         while (!go) std::this_thread::sleep_for(1ms);
                       },
                       20ms),
                   clock};
  LoopRunner fails{loop([&](const std::stop_token&) {
                     ++ticks;
                     throw Error(Errc::failed, "no");
                   }),
                   clock};
  BOOST_TEST(soon([&] { return hangs.fact().stalled; }));
  BOOST_TEST(soon([&] { return ticks >= 2; }));
  BOOST_TEST(!fails.fact().stalled);
  BOOST_TEST(fails.fact().failing);
  go = true;
  BOOST_TEST(soon([&] { return !hangs.fact().stalled; }));
}

BOOST_AUTO_TEST_CASE(stop_reaches_a_tick_and_what_it_throws_then_is_no_failure) {
  std::atomic<bool> begun{false};
  LoopRunner runner{loop([&](const std::stop_token& stop) {
                      begun = true;
                      while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
                      throw Error(Errc::interrupted, "the statement was cancelled");
                    }),
                    clock};
  BOOST_TEST(soon([&] { return begun.load(); }));
  BOOST_TEST(!runner.wait_until(SteadyClock::now() + 20ms));
  runner.request_stop();
  BOOST_TEST(runner.wait_until(SteadyClock::now() + 10s));
  BOOST_TEST(log.text().empty());
}

BOOST_AUTO_TEST_CASE(stop_ends_a_long_pause_at_once) {
  std::atomic<int> ticks{0};
  LoopRunner runner{loop([&](const std::stop_token&) {
                      ++ticks;
                      throw Error(Errc::failed, "no");
                    }),
                    clock};
  BOOST_TEST(soon([&] { return ticks >= 8; }));
  const auto begin = SteadyClock::now();
  runner.request_stop();
  BOOST_TEST(runner.wait_until(SteadyClock::now() + 10s));
  BOOST_TEST((SteadyClock::now() - begin < 100ms));
}

BOOST_AUTO_TEST_SUITE_END()
