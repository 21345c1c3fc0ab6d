#include "daemon/loops/route_loop.hpp"

#include <exception>

#include "app/alert_routing.hpp"
#include "core/log.hpp"
#include "db/transaction.hpp"
#include "store/alert_queue.hpp"

namespace visitor::daemon {

RouteLoop::RouteLoop(const Context& context) : context_(context) {
  ear_ = std::make_unique<Ear>(context.pool.options().connection,
                               std::vector<std::string>{std::string{store::kAlertChannel}}, [this](const db::Heard&) {
                                 try {
                                   route(stop_.get_token());
                                 } catch (const std::exception& error) {
                                   // The next tick tries again, and says what is wrong.
                                   log::debug("routing of alerts: {}", error.what());
                                 }
                               });
}

RouteLoop::~RouteLoop() {
  stop_.request_stop();
  ear_.reset();
}

void RouteLoop::tick(Instant, std::stop_token stop) {
  route(stop);
}

void RouteLoop::route(const std::stop_token& stop) {
  const std::lock_guard lock{mutex_};
  constexpr int kAtOnce = 500;
  for (int routed = kAtOnce; routed == kAtOnce && !stop.stop_requested();)
    routed = db::with_retry(
        context_.pool, 3,
        [&](db::Transaction& tx) {
          return app::route_alerts(
              {tx, context_.actor, context_.clock.now(), context_.settings, domain::Scope::everything()}, kAtOnce);
        },
        {.stop = stop});
}

}  // namespace visitor::daemon
