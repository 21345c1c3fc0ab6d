#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>

#include "app/metrics.hpp"
#include "app/work.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "db/pool.hpp"

namespace visitor::daemon {

/// What loops work with. Everything outlives them; a reload makes new loops with a new context.
struct Context {
  const config::Settings& settings;
  db::Pool& pool;
  const Vault& vault;
  const app::Actor& actor;  ///< "system"
  const Clock& clock;
  app::Metrics& metrics;
  std::atomic<bool>& database_answers;  ///< as far as the database loop has seen; for /readyz
  const std::string& holder;            ///< names this process among all that share the database, for leases and jobs
};

/// Something that is done again and again, by a thread of its own. LoopRunner gives it that thread, and sees to the
/// pauses, the log and the back-off.
class Loop {
 public:
  virtual ~Loop() = default;

  /// One word, for the log and the health check: "alerts".
  virtual std::string name() const = 0;

  /// From the start of one tick to the start of the next; a tick that takes longer is followed at once.
  virtual std::chrono::milliseconds period() const = 0;

  /// A tick that has not ended this long after it was due counts as stalled, and the watchdog bites.
  virtual std::chrono::milliseconds patience() const { return std::chrono::seconds{60}; }

  /// Does the work once. Returns soon when \p stop is requested: within two seconds, or the daemon goes without it.
  /// \throws  whatever; it is logged once per change of state, and the loop goes on with growing pauses
  virtual void tick(Instant now, std::stop_token stop) = 0;
};

}  // namespace visitor::daemon
