#include "app/remote/incidents.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/incident_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  IncidentOptions incidents;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  auto incidents = read_house(session, [&](auto& house) {
    auto filter = incident_filter(house, session, options.incidents);
    filter.limit = options.limit + 1;
    return app::list_incidents(house, filter);
  });
  cut(incidents, options.limit, session);
  session.list("incidents", incidents, incident_table(incidents, session.now()));
}

}  // namespace

void add_incident_list(Command& incident) {
  auto options = std::make_shared<Options>();
  auto& command = incident.add("list", "List incidents, the newest first");
  add_incident_options(command, options->incidents);
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl incident list --open --severity high --severity critical")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
