#include <fmt/format.h>

#include "app/incidents.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  IncidentId incident;
  std::string note;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto listed = app::resolve_incident(session.work(tx), options.incident, options.note);
  finish(tx, options.dry_run);
  session.done(listed, fmt::format("Resolved incident {}: {}.", listed.incident.id, domain::name(listed.incident.type)),
               options.dry_run);
}

}  // namespace

void add_incident_resolve(Command& incident) {
  auto options = std::make_shared<Options>();
  auto& command = incident.add("resolve", "Say that an incident has been dealt with")
                      .positional("INCIDENT", options->incident, "Number shown by 'incident list'")
                      .required()
                      .option("--note", "TEXT", options->note, "What was done");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl incident resolve 7 --note 'talked to the guest'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
