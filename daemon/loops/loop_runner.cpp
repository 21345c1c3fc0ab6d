#include "daemon/loops/loop_runner.hpp"

#include <algorithm>
#include <exception>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/zone.hpp"
#include "daemon/error_text.hpp"

namespace visitor::daemon {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kLongestPause{5'000};

}  // namespace

milliseconds pause_after(milliseconds period, int failures) {
  auto pause = std::max(period, milliseconds{1});
  for (int i = 0; i < failures && pause < kLongestPause; ++i) pause *= 2;
  return std::min(pause, std::max(period, kLongestPause));
}

LoopRunner::LoopRunner(std::unique_ptr<Loop> loop, const Clock& clock) : loop_(std::move(loop)), clock_(clock) {
  state_.with([&](State& state) { state.due = SteadyClock::now() + loop_->patience(); });
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

LoopRunner::~LoopRunner() {
  request_stop();
}

void LoopRunner::request_stop() {
  thread_.request_stop();
}

bool LoopRunner::wait_until(SteadyClock::time_point deadline) {
  std::unique_lock lock{mutex_};
  return ended_.wait_until(lock, deadline, [&] { return state_.with([](const State& state) { return state.ended; }); });
}

app::LoopFact LoopRunner::fact() const {
  return state_.with([&](const State& state) {
    return app::LoopFact{loop_->name(), !state.ended && SteadyClock::now() > state.due, state.failures > 0,
                         state.last_good};
  });
}

void LoopRunner::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto begin = SteadyClock::now();
    tick(stop);
    const int failures = state_.with([](const State& state) { return state.failures; });
    const auto next = std::max(begin + pause_after(loop_->period(), failures), SteadyClock::now());
    state_.with([&](State& state) { state.due = next + loop_->patience(); });
    std::unique_lock lock{mutex_};
    wake_.wait_until(lock, stop, next, [] { return false; });
  }
  state_.with([](State& state) { state.ended = true; });
  const std::lock_guard lock{mutex_};
  ended_.notify_all();
}

void LoopRunner::tick(const std::stop_token& stop) {
  const auto now = clock_.now();
  try {
    loop_->tick(now, stop);
    note_success(now);
  } catch (const Error& error) {
    // A tick that was told to stop has not failed.
    if (stop.stop_requested()) return;
    note_failure(now, with_hint(error));
  } catch (const std::exception& error) {
    if (stop.stop_requested()) return;
    note_failure(now, error.what());
  }
}

void LoopRunner::note_success(Instant now) {
  state_.with([&](State& state) {
    if (state.failures > 0)
      log::info("{}: works again after {} failed tr{} in {}", loop_->name(), state.failures,
                state.failures == 1 ? "y" : "ies",
                format_span(std::chrono::duration_cast<std::chrono::seconds>(now - *state.failing_since)));
    state.failures = 0;
    state.failure.clear();
    state.failing_since.reset();
    state.last_good = now;
  });
}

void LoopRunner::note_failure(Instant now, const std::string& what) {
  state_.with([&](State& state) {
    if (state.failures == 0) state.failing_since = now;
    ++state.failures;
    if (state.failure == what) return;
    state.failure = what;
    log::warn("{}: {}", loop_->name(), what);
  });
}

}  // namespace visitor::daemon
