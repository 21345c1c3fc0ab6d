#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/health.hpp"
#include "core/guarded.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// The pause after \p failures failed ticks in a row: the period, doubled with each, up to 5 seconds (or the period,
/// where that is longer).
std::chrono::milliseconds pause_after(std::chrono::milliseconds period, int failures);

/// A loop with its thread.
///
/// The first failure of a row is logged, another text of failure is, and the end of the row is; what stays as it is, is
/// not.
class LoopRunner {
 public:
  /// Starts at once.
  LoopRunner(std::unique_ptr<Loop> loop, const Clock& clock);
  /// Stops it and waits for the end of the tick.
  ~LoopRunner();
  LoopRunner(const LoopRunner&) = delete;
  LoopRunner& operator=(const LoopRunner&) = delete;

  void request_stop();
  /// \returns false if the tick has not ended until then
  bool wait_until(std::chrono::steady_clock::time_point deadline);

  /// Stalled: a tick, good or failed, is overdue by more than the loop's patience.
  app::LoopFact fact() const;

 private:
  struct State {
    int failures = 0;
    std::string failure;  ///< text of the last failure that was logged
    std::optional<Instant> failing_since;
    std::optional<Instant> last_good;
    std::chrono::steady_clock::time_point due;  ///< by then the next tick must have ended
    bool ended = false;
  };

  void run(const std::stop_token& stop);
  void tick(const std::stop_token& stop);
  void note_success(Instant now);
  void note_failure(Instant now, const std::string& what);

  std::unique_ptr<Loop> loop_;
  const Clock& clock_;
  Guarded<State> state_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable_any ended_;
  std::jthread thread_;
};

}  // namespace visitor::daemon
