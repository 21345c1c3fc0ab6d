#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "daemon/ear.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Holds the leases of terminals, and gives each terminal that is ours a thread that polls it: one that hangs delays
/// nobody else. Whoever asks for it (app/poll_request.hpp) has one polled at once.
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

  void poke(const db::Heard& heard);

  const Context& context_;
  std::mutex mutex_;  // of the map, not of the workers
  std::map<TerminalId, std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Ear> ear_;
};

}  // namespace visitor::daemon
