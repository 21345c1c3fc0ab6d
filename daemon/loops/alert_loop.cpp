#include "daemon/loops/alert_loop.hpp"

#include "app/alerts.hpp"
#include "db/transaction.hpp"

namespace visitor::daemon {
namespace {

constexpr int kRound = 50;
constexpr int kRoundsPerTick = 20;

}  // namespace

void AlertLoop::tick(Instant, std::stop_token stop) {
  for (int i = 0; i < kRoundsPerTick && !stop.stop_requested(); ++i) {
    db::Transaction tx{context_.pool, {.stop = stop}};
    const auto round =
        app::send_due_alerts(app::Work{tx, context_.actor, context_.clock.now(), context_.settings}, kRound);
    tx.commit();
    context_.metrics.alerts_sent.add(static_cast<std::uint64_t>(round.sent));
    context_.metrics.alerts_deferred.add(static_cast<std::uint64_t>(round.deferred));
    context_.metrics.alerts_failed.add(static_cast<std::uint64_t>(round.failed));
    if (round.sent + round.deferred + round.failed < kRound) return;
  }
}

}  // namespace visitor::daemon
