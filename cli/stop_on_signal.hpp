#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

namespace visitor::cli {

/// Turns SIGINT and SIGTERM into a request to stop, for as long as it lives: the work ends in order, and says so. A
/// second one ends the program at once. Made before other threads are.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  sigset_t before_{};
  std::stop_source source_;
  std::jthread listener_;
};

}  // namespace visitor::cli
