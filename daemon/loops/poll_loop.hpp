#pragma once

#include <map>
#include <memory>

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Holds the leases of terminals, and gives each terminal that is ours a thread that polls it: one that hangs delays
/// nobody else.
class PollLoop final : public Loop {
 public:
  explicit PollLoop(const Context& context);
  /// Stops the threads and lets go of the leases, so that another daemon need not wait for them to run out.
  ~PollLoop() override;

  std::string name() const override { return "polling"; }
  /// Often enough to miss two renewals without losing a lease.
  std::chrono::milliseconds period() const override;
  void tick(Instant now, std::stop_token stop) override;

 private:
  class Worker;

  const Context& context_;
  std::map<TerminalId, std::unique_ptr<Worker>> workers_;
};

}  // namespace visitor::daemon
