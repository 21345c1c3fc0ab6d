#include "daemon/loops/badge_loop.hpp"

#include "app/badges.hpp"
#include "db/transaction.hpp"

namespace visitor::daemon {

void BadgeLoop::tick(Instant, std::stop_token stop) {
  const auto in_transaction = [&](auto&& work) {
    db::Transaction tx{context_.pool, {.stop = stop}};
    const auto outcome =
        work(app::Work{tx, context_.actor, context_.clock.now(), context_.settings, domain::Scope::everything()});
    tx.commit();
    return outcome;
  };
  // Each in a transaction of its own: what one printer refuses is no other's business.
  while (!stop.stop_requested() &&
         in_transaction([&](const app::Work& work) { return app::send_badge(work, context_.vault).has_value(); })) {
  }
  if (!stop.stop_requested()) in_transaction([](const app::Work& work) { return app::follow_badges(work); });
}

}  // namespace visitor::daemon
