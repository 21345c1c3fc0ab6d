#include "app/remote/incidents.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  IncidentId incident;
};

void run(const Options& options, Session& session) {
  const auto details = read_house(session, [&](auto& house) { return app::get_incident(house, options.incident); });
  session.list("history", details.history, history_table(details));
}

}  // namespace

void add_incident_history(Command& incident) {
  auto options = std::make_shared<Options>();
  incident.add("history", "List what was done about an incident, by whom and why, the oldest first")
      .positional("INCIDENT", options->incident, "Number shown by 'incident list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl incident history 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
