#include "daemon/loops/muster_loop.hpp"

#include "app/muster.hpp"
#include "db/transaction.hpp"

namespace visitor::daemon {

void MusterLoop::tick(Instant now, std::stop_token stop) {
  const auto roll = [&] {
    db::Transaction tx{
        context_.pool,
        {.isolation = db::Isolation::repeatable_read, .read_only = true, .statement_deadline = {}, .stop = stop}};
    return app::roll_call(app::Work{tx, context_.actor, now, context_.settings, domain::Scope::everything()});
  }();
  app::write_snapshot(context_.settings, roll, context_.vault);
}

}  // namespace visitor::daemon
