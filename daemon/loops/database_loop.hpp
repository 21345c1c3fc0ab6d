#pragma once

#include "app/instance.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Asks the database for a sign of life, and starts the embedded one again where it has gone.
class DatabaseLoop final : public Loop {
 public:
  DatabaseLoop(const Context& context, app::Instance& instance) : context_(context), instance_(instance) {}

  std::string name() const override { return "database"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{2}; }
  /// Starting a cluster that was killed replays its log first.
  std::chrono::milliseconds patience() const override { return std::chrono::seconds{180}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
  app::Instance& instance_;
};

}  // namespace visitor::daemon
