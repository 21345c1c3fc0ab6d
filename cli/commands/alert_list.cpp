#include "app/remote/alerts.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
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
  read_house(session, [&](auto& house) {
    const auto zone = zone_for(house, std::nullopt);
    const auto span = resolve(options.period, session, zone);
    app::AlertFilter filter{options.states, options.channels, options.incident,
                            span.since,     span.until,       options.limit + 1};
    auto alerts = app::list_alerts(house, filter);
    cut(alerts, options.limit, session);
    session.list("alerts", alerts, alert_table(alerts, session.now(), zone.name()));
  });
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
  command.uses_house()
      .example("visitorctl alert list --state failed")
      .example("visitorctl alert list --incident 42 --json")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
