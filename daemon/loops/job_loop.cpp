#include "daemon/loops/job_loop.hpp"

#include <algorithm>
#include <utility>

namespace visitor::daemon {
namespace {

/// How often to ask whether a job is due: a daemon that begins between two runs must not wait for a whole period more.
constexpr std::chrono::seconds kAsk{10};

/// How long a claim holds. Where it is asked at each period, a little less than that, so that the next tick, which
/// never comes at exactly the same distance, finds the job due.
std::chrono::seconds claim_time(std::chrono::milliseconds period) {
  if (period > kAsk) return std::chrono::duration_cast<std::chrono::seconds>(period);
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(period * 9 / 10), std::chrono::seconds{1});
}

}  // namespace

JobLoop::JobLoop(const Context& context, app::Job job) : context_(context), job_(std::move(job)) {}

std::chrono::milliseconds JobLoop::period() const {
  return std::min<std::chrono::milliseconds>(job_.period, kAsk);
}

void JobLoop::tick(Instant, std::stop_token stop) {
  app::run_job_if_due({context_.pool, context_.settings, context_.actor, context_.clock, context_.holder}, job_,
                      claim_time(job_.period), std::move(stop));
}

}  // namespace visitor::daemon
