#include "app/ledger.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_alerts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<domain::DeliveryState> states;
  std::vector<domain::Channel> channels;
  std::optional<IncidentId> incident;
  Period period;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto zone = zone_for(work, std::nullopt);
  const auto span = resolve(options.period, session, zone);
  app::AlertFilter filter{options.states, options.channels, options.incident,
                          span.since,     span.until,       options.limit + 1};
  auto alerts = app::list_alerts(work, filter);
  cut(alerts, options.limit, session);
  session.list("alerts", alerts, alert_table(alerts, session.now(), zone.name()));
}

}  // namespace

void add_alert_list(Command& alert) {
  auto options = std::make_shared<Options>();
  auto& command = alert.add("list", "List alerts and what became of them, the newest first")
                      .option("--state", "STATE", options->states, "Only deliveries in this state")
                      .option("--channel", "CHANNEL", options->channels, "Only deliveries by this channel")
                      .option("--incident", "INCIDENT", options->incident, "Only about this incident");
  add_period(command, options->period, "made");
  add_limit(command, options->limit);
  command.uses_database()
      .example("visitorctl alert list --state failed")
      .example("visitorctl alert list --incident 42 --json")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
