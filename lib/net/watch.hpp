#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "net/failure.hpp"
#include "net/fd.hpp"

namespace visitor::net {

/// The patience of one request: a deadline, and a stop token that wakes a wait at once.
class Watch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Watch(TimePoint deadline, std::stop_token stop);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  TimePoint deadline() const { return deadline_; }

  /// Waits until \p fd is ready for \p events (of poll(2)); nothing when it is, or timeout or interrupted.
  /// \param until  ends the wait before the deadline where that is earlier
  std::optional<NetFailure> wait(int fd, short events, TimePoint until = TimePoint::max()) const;

 private:
  struct Wake {
    int fd;
    void operator()() const noexcept;
  };

  TimePoint deadline_;
  Fd wake_;  // outlives the callback that writes into it
  std::stop_callback<Wake> on_stop_;
};

}  // namespace visitor::net
