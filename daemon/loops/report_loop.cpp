#include "daemon/loops/report_loop.hpp"

#include <utility>

#include "app/scheduled_reports.hpp"

namespace visitor::daemon {

void ReportLoop::tick(Instant, std::stop_token stop) {
  app::make_due_reports({.pool = context_.pool,
                         .settings = context_.settings,
                         .vault = context_.vault,
                         .actor = context_.actor,
                         .clock = context_.clock,
                         .stop = std::move(stop)});
}

}  // namespace visitor::daemon
