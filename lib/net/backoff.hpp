#pragma once

#include <chrono>
#include <cstdint>

namespace visitor::net {

struct BackoffPolicy {
  std::chrono::milliseconds first{1'000};  ///< before the first retry
  std::chrono::milliseconds most{60'000};  ///< no wait is longer
  double factor = 2.0;                     ///< from one retry to the next; 1 or more
  double jitter = 0.5;                     ///< share of each wait that chance may take away, 0 to 1
};

/// How long to wait after each failure in a row: exponential, with jitter, so that many clients of one dead server do
/// not come back together.
///
/// The same seed gives the same waits.
class Backoff {
 public:
  Backoff(BackoffPolicy policy, std::uint64_t seed) : policy_(policy), state_(seed) {}

  /// The wait after one more failure: between (1 - jitter) times the full wait and the full wait.
  std::chrono::milliseconds next();
  /// It worked: the next failure counts as the first.
  void reset() { failures_ = 0; }
  /// Failures in a row.
  unsigned failures() const { return failures_; }

 private:
  BackoffPolicy policy_;
  std::uint64_t state_;
  unsigned failures_ = 0;
};

}  // namespace visitor::net
