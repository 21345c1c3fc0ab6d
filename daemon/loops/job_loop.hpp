#pragma once

#include <string>

#include "app/jobs.hpp"
#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Runs a job whenever it is due, as long as no other daemon does.
class JobLoop final : public Loop {
 public:
  JobLoop(const Context& context, app::Job job);

  std::string name() const override { return job_.name; }
  std::chrono::milliseconds period() const override;
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
  app::Job job_;
};

}  // namespace visitor::daemon
