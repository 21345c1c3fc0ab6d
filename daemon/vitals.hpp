#pragma once

#include <string>
#include <vector>

#include "app/health.hpp"

namespace visitor::daemon {

/// How the daemon is: what the status pages show.
class Vitals {
 public:
  virtual ~Vitals() = default;

  // These two never wait.

  /// Every loop that runs; empty while the database has not been opened yet.
  virtual std::vector<app::LoopFact> loops() const = 0;
  /// Why no work should be sent here, for anybody to read; empty where it may.
  virtual std::string not_ready() const = 0;

  // These may wait for the database.

  virtual app::Health health() = 0;
  /// Prometheus text.
  virtual std::string metrics() = 0;
};

}  // namespace visitor::daemon
