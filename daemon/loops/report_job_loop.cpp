#include "daemon/loops/report_job_loop.hpp"

#include "app/report_jobs.hpp"

namespace visitor::daemon {

std::chrono::milliseconds ReportJobLoop::patience() const {
  return app::ReportBounds{}.longest + std::chrono::minutes{5};
}

void ReportJobLoop::tick(Instant, std::stop_token stop) {
  const app::ReportMaker maker{context_.pool, context_.settings, context_.vault, context_.clock, context_.holder};
  // One a tick: what a tick may take is what one may take.
  if (const auto job = app::take_report_job(maker)) app::make_report_job(maker, *job, stop);
}

}  // namespace visitor::daemon
