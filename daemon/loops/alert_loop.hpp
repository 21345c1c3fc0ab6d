#pragma once

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Empties the outbox, a round each second, and at once again while rounds are full. Any number of daemons may.
class AlertLoop final : public Loop {
 public:
  explicit AlertLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "alerts"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{1}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

}  // namespace visitor::daemon
