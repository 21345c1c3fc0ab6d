#pragma once

#include <functional>
#include <string>

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// A job that one of all daemons on the database does per period: claimed through table job_run, which keeps when it
/// ran and how that went.
class JobLoop final : public Loop {
 public:
  /// Runs in a transaction that is committed after it; again after a serialization failure or a deadlock.
  /// \returns what was done, for job_run; empty where nothing was
  using Job = std::function<std::string(const app::Work&)>;

  JobLoop(const Context& context, std::string name, std::chrono::milliseconds period, Job job);

  std::string name() const override { return name_; }
  std::chrono::milliseconds period() const override;
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
  std::string name_;
  std::chrono::milliseconds period_;
  Job job_;
};

}  // namespace visitor::daemon
