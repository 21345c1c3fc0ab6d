#include "daemon/loops/audit_loop.hpp"

#include "app/audit.hpp"
#include "app/backups.hpp"
#include "core/log.hpp"

namespace visitor::daemon {

void AuditLoop::tick(Instant, std::stop_token stop) {
  app::link_audit(context_.pool, stop);
}

void CheckpointLoop::tick(Instant now, std::stop_token stop) {
  const app::AuditDesk desk{context_.pool,  context_.settings, context_.vault,
                            context_.actor, context_.clock,    std::move(stop)};
  {
    // A restored database may be the twin of one that works: its checkpoints must not stand among that one's.
    db::Transaction tx{context_.pool, {.read_only = true, .stop = desk.stop}};
    if (app::held_back({tx, context_.actor, now, context_.settings, domain::Scope::everything()})) return;
  }
  const bool made = app::make_checkpoint_if_due(desk).has_value();
  app::send_checkpoints(desk);
  if (!made) return;
  if (const auto dropped = app::apply_audit_retention(desk); dropped > 0)
    log::info("audit: {} row(s) deleted whose time was over", dropped);
}

}  // namespace visitor::daemon
