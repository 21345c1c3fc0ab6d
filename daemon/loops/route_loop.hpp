#pragma once

#include <memory>
#include <mutex>

#include "daemon/ear.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Decides who gets the alerts that were made: at once where it hears of one, and at every tick.
class RouteLoop final : public Loop {
 public:
  explicit RouteLoop(const Context& context);
  ~RouteLoop() override;

  std::string name() const override { return "routing"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{1}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  void route(const std::stop_token& stop);

  const Context& context_;
  std::mutex mutex_;
  std::stop_source stop_;
  std::unique_ptr<Ear> ear_;
};

}  // namespace visitor::daemon
