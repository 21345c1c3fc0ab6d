#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "app/instance.hpp"
#include "app/work.hpp"
#include "core/guarded.hpp"

namespace visitor::daemon {

/// What the loops need of an instance that is open.
struct Opened {
  db::Pool* pool;
  const Vault* vault;
  app::Actor actor;  ///< "system"
};

/// Opens the instance on a thread of its own, so that the daemon answers meanwhile, and again and again where the
/// database does not answer. The embedded database is made on the first start.
class Opener {
 public:
  /// \param instance  used by nobody else until this has come to its end; outlives this
  explicit Opener(app::Instance& instance);

  struct State {
    bool ended = false;
    std::optional<Opened> opened;    ///< ended well
    std::optional<int> exit_status;  ///< ended for good: only a person can help; logged
    int failures = 0;                ///< tries so far that failed and are made again
  };
  State state() const {
    return state_.with([](const State& state) { return state; });
  }

  void request_stop() { thread_.request_stop(); }

 private:
  void run(const std::stop_token& stop);

  app::Instance& instance_;
  Guarded<State> state_;
  std::jthread thread_;
};

}  // namespace visitor::daemon
