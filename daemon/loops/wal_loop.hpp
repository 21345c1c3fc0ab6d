#pragma once

#include "app/wal_keeper.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Keeps the archive of the embedded database's write-ahead log.
class WalLoop final : public Loop {
 public:
  WalLoop(const Context& context, app::Instance& instance) : keeper_(instance, context.settings, context.clock) {}

  std::string name() const override { return "wal"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{1}; }
  /// A disk that is full of other people's work takes its time.
  std::chrono::milliseconds patience() const override { return std::chrono::minutes{10}; }
  void tick(Instant now, std::stop_token stop) override { keeper_.tick(now, stop); }

 private:
  app::WalKeeper keeper_;
};

}  // namespace visitor::daemon
