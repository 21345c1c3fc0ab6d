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
  session.show(details, card_of(details));
}

}  // namespace

void add_incident_show(Command& incident) {
  auto options = std::make_shared<Options>();
  incident.add("show", "Show an incident and what was done about it")
      .positional("INCIDENT", options->incident, "Number shown by 'incident list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl incident show 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
