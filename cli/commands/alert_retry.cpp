#include <fmt/format.h>

#include "app/ledger.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_alerts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<AlertId> alerts;
  bool failed = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (options.failed == !options.alerts.empty())
    throw Error(Errc::usage, options.failed ? "--failed stands instead of alerts" : "ALERT is missing",
                "Give numbers as 'visitorctl alert list' shows them, or --failed.");
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto again = options.failed ? app::retry_failed_alerts(work) : app::retry_alerts(work, options.alerts);
  finish(tx, options.dry_run);
  std::size_t deliveries = 0;
  for (const auto& sent : again) deliveries += sent.deliveries.size();
  session.done_all("alerts", again,
                   deliveries == 0
                       ? "Nothing was given up."
                       : fmt::format("Queued {} deliver{} of {} alert{} again.", deliveries,
                                     deliveries == 1 ? "y" : "ies", again.size(), again.size() == 1 ? "" : "s"),
                   options.dry_run);
}

}  // namespace

void add_alert_retry(Command& alert) {
  auto options = std::make_shared<Options>();
  auto& command = alert.add("retry", "Send again what was given up")
                      .positional("ALERT", options->alerts, "Numbers shown by 'alert list'")
                      .flag("--failed", options->failed, "Instead of numbers: everything that was given up");
  add_dry_run(command, options->dry_run);
  command
      .details(
          "Only deliveries that were given up go again, and their earlier tries stay on record; what was sent is never "
          "sent twice. Several alerts are queued together or not at all.")
      .fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl alert retry 42")
      .example("visitorctl alert retry --failed")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
