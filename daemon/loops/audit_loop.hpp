#pragma once

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Gives the rows of the audit their links, within a second. One of all daemons on a database is at it at a time.
class AuditLoop final : public Loop {
 public:
  explicit AuditLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "audit"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{1}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

/// Signs where the audit ends, sends that elsewhere, and deletes what is older than it is kept.
class CheckpointLoop final : public Loop {
 public:
  explicit CheckpointLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "checkpoints"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{10}; }
  /// A place far away may try for long; stopping ends that.
  std::chrono::milliseconds patience() const override { return std::chrono::minutes{20}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

}  // namespace visitor::daemon
