#include "app/ledger.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_alerts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::chrono::seconds after{10 * 60};
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  auto lost = app::lost_alerts(work, options.after, options.limit + 1);
  cut(lost, options.limit, session);
  if (!lost.empty()) session.set_exit_status(info(Errc::delivery).exit_status);
  if (!lost.empty() || session.json())
    session.list("lost", lost, lost_table(lost, session.now(), zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_alert_lost(Command& alert) {
  auto options = std::make_shared<Options>();
  auto& command = alert.add("lost", "Show what nobody was told of; prints nothing where all is well")
                      .option("--after", "SPAN", options->after, "What has been due for so long counts as overdue")
                      .default_is("10m");
  add_limit(command, options->limit);
  command
      .details(
          "incident_untold: an incident that was seen live and has no alert. alert_unaddressed: an alert without a "
          "delivery. overdue: a delivery that has been due for long, and is neither sent nor given up. stuck: one in "
          "the hands of a sender that is gone.")
      .fails_with({Errc::delivery})
      .uses_database()
      .example("visitorctl alert lost", "from cron: mail comes only when something is lost")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
