#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "daemon/ear.hpp"
#include "daemon/loops/loop.hpp"
#include "notify/channel.hpp"

namespace visitor::daemon {

/// Empties the outbox: each channel has its threads, so that one that is slow delays no other. Of all daemons one sends
/// on a channel at a time; the others take over when its lease ends. A new delivery wakes its sender at once.
class AlertLoop final : public Loop {
 public:
  AlertLoop(const Context& context, std::vector<std::unique_ptr<notify::Channel>> channels);
  /// Waits a second for what is being sent, then cuts it off, and lets go of the channels.
  ~AlertLoop() override;

  std::string name() const override { return "alerts"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{1}; }
  /// Keeps the leases.
  void tick(Instant now, std::stop_token stop) override;

 private:
  class Line;

  const Context& context_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<domain::Channel> present_;
  std::optional<Instant> looked_for_absent_at_;
  std::unique_ptr<Ear> ear_;
};

}  // namespace visitor::daemon
