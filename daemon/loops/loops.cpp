#include "daemon/loops/loops.hpp"

#include "app/channels.hpp"
#include "app/jobs.hpp"
#include "daemon/loops/alert_loop.hpp"
#include "daemon/loops/audit_loop.hpp"
#include "daemon/loops/backup_loop.hpp"
#include "daemon/loops/badge_loop.hpp"
#include "daemon/loops/database_loop.hpp"
#include "daemon/loops/job_loop.hpp"
#include "daemon/loops/muster_loop.hpp"
#include "daemon/loops/poll_loop.hpp"
#include "daemon/loops/report_job_loop.hpp"
#include "daemon/loops/report_loop.hpp"
#include "daemon/loops/route_loop.hpp"
#include "daemon/loops/telegram_loop.hpp"
#include "daemon/loops/wal_loop.hpp"

namespace visitor::daemon {

std::vector<std::unique_ptr<Loop>> make_loops(const Context& context, app::Instance& instance) {
  std::vector<std::unique_ptr<Loop>> loops;
  loops.push_back(std::make_unique<DatabaseLoop>(context, instance));
  loops.push_back(std::make_unique<PollLoop>(context));
  loops.push_back(std::make_unique<AlertLoop>(context, app::make_channels(context.settings, context.clock)));
  loops.push_back(std::make_unique<RouteLoop>(context));
  if (app::has_telegram(context.settings)) loops.push_back(std::make_unique<TelegramLoop>(context));
  loops.push_back(std::make_unique<MusterLoop>(context));
  loops.push_back(std::make_unique<BadgeLoop>(context));
  loops.push_back(std::make_unique<ReportJobLoop>(context));
  loops.push_back(std::make_unique<AuditLoop>(context));
  loops.push_back(std::make_unique<CheckpointLoop>(context));
  if (context.settings.backup.scheduled && !context.settings.backup.targets.empty())
    loops.push_back(std::make_unique<BackupLoop>(context, visitorctl_beside_us()));
  if (!context.settings.reports.empty()) loops.push_back(std::make_unique<ReportLoop>(context));
  if (instance.embedded() && !context.settings.backup.wal.directory.empty())
    loops.push_back(std::make_unique<WalLoop>(context, instance));
  for (auto& job : app::jobs(context.settings)) loops.push_back(std::make_unique<JobLoop>(context, std::move(job)));
  return loops;
}

}  // namespace visitor::daemon
