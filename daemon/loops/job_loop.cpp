#include "daemon/loops/job_loop.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/log.hpp"
#include "db/transaction.hpp"
#include "store/jobs.hpp"

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

JobLoop::JobLoop(const Context& context, std::string name, std::chrono::milliseconds period, Job job)
    : context_(context), name_(std::move(name)), period_(period), job_(std::move(job)) {}

std::chrono::milliseconds JobLoop::period() const {
  return std::min<std::chrono::milliseconds>(period_, kAsk);
}

void JobLoop::tick(Instant now, std::stop_token stop) {
  const db::TransactionOptions options{.stop = stop};
  const auto finish = [&](bool ok, const std::string& message) {
    db::with_retry(
        context_.pool, 3,
        [&](db::Transaction& tx) { store::Jobs{tx}.finish(name_, context_.holder, context_.clock.now(), ok, message); },
        options);
  };

  const bool ours = db::with_retry(
      context_.pool, 3,
      [&](db::Transaction& tx) { return store::Jobs{tx}.claim(name_, context_.holder, now, claim_time(period_)); },
      options);
  if (!ours) return;

  std::string done;
  try {
    done = db::with_retry(
        context_.pool, 3,
        [&](db::Transaction& tx) {
          return job_(app::Work{tx, context_.actor, now, context_.settings});
        },
        options);
  } catch (const Error& error) {
    if (error.code() != Errc::database_lost && error.code() != Errc::interrupted) finish(false, error.message());
    throw;
  }
  if (!done.empty()) log::info("{}: {}", name_, done);
  finish(true, done);
}

}  // namespace visitor::daemon
