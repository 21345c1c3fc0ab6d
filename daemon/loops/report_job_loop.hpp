#pragma once

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Makes the reports that were asked for through the API. Any number of daemons share the work.
class ReportJobLoop final : public Loop {
 public:
  explicit ReportJobLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "report_jobs"; }
  std::chrono::milliseconds period() const override { return std::chrono::milliseconds{500}; }
  std::chrono::milliseconds patience() const override;
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

}  // namespace visitor::daemon
