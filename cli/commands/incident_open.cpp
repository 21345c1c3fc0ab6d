#include <fmt/format.h>

#include "app/remote/incidents.hpp"
#include "app/remote/registry.hpp"
#include "app/remote/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  domain::IncidentType type = domain::IncidentType::other;
  app::NewIncident incident;
  std::optional<std::string> guest;
  std::optional<std::string> terminal;
  std::optional<std::string> site;
  std::optional<Moment> at;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (options.type != domain::IncidentType::other)
    throw Error(Errc::usage, fmt::format("incidents of type {} are found by a rule", domain::name(options.type)),
                "A person opens one of type other, and says in the summary what it is.");
  const auto listed = change_house(session, options.dry_run, [&](auto& house) {
    auto wanted = options.incident;
    if (options.guest) wanted.guest = app::resolve_guest(house, *options.guest).id;
    if (options.terminal) wanted.terminal = app::resolve_terminal(house, *options.terminal).terminal.id;
    wanted.site = find_site(house, options.site);
    if (options.at) wanted.occurred_at = session.instant(*options.at, zone_for(house, options.site));
    return app::open_incident(house, wanted);
  });
  session.done(listed, fmt::format("Opened incident {}.", listed.incident.id), options.dry_run);
}

}  // namespace

void add_incident_open(Command& incident) {
  auto options = std::make_shared<Options>();
  auto& command =
      incident.add("open", "Report an incident that no rule has found; whoever is told of incidents is told of it")
          .option("--type", "TYPE", options->type, "Only other: the rest is found by rules")
          .default_is("other")
          .option("--severity", "SEVERITY", options->incident.severity, "How bad it is")
          .required()
          .option("--summary", "TEXT", options->incident.summary, "One sentence; it goes out with the alert")
          .required()
          .option("--visit", "VISIT", options->incident.visit, "The visit it is about, and with it guest and site")
          .option("--guest", "GUEST", options->guest, "The guest it is about, by name or number")
          .option("--terminal", "TERMINAL", options->terminal, "The terminal it is about, by name or number")
          .option("--site", "SITE", options->site, "Where; follows from the visit or the terminal")
          .option("--at", "TIME", options->at, "When it happened")
          .default_is("now");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl incident open --severity high --summary 'Badge handed over at the gate' --visit 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
