#pragma once

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Gives queued badges to their printers, and asks what became of those that were sent. Any number of daemons share the
/// work.
class BadgeLoop final : public Loop {
 public:
  explicit BadgeLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "badges"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{2}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

}  // namespace visitor::daemon
