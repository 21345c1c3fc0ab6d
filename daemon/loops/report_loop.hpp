#pragma once

#include "daemon/loops/loop.hpp"

namespace visitor::daemon {

/// Makes the reports that are due and hands them in. Any number of daemons share the work.
class ReportLoop final : public Loop {
 public:
  explicit ReportLoop(const Context& context) : context_(context) {}

  std::string name() const override { return "reports"; }
  std::chrono::milliseconds period() const override { return std::chrono::seconds{10}; }
  /// A large report to a slow place takes its time; stopping ends that.
  std::chrono::milliseconds patience() const override { return std::chrono::hours{2}; }
  void tick(Instant now, std::stop_token stop) override;

 private:
  const Context& context_;
};

}  // namespace visitor::daemon
