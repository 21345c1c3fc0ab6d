#pragma once

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Writes down once a minute who is inside, for a roll call while the database is away. Every daemon writes the file of
/// its own machine.
class MusterLoop final : public Loop {
 public:
  explicit MusterLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "muster"; }
  std::chrono::milliseconds period() const override { return std::chrono::minutes{1}; }
  std::chrono::milliseconds patience() const override { return std::chrono::minutes{3}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

}  // namespace visitor::daemon
