#include <fmt/format.h>

#include "app/incidents.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  IncidentId incident;
  std::optional<std::string> login;
  std::string note;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto listed = app::assign_incident(session.work(tx), options.incident, options.login, options.note);
  finish(tx, options.dry_run);
  session.done(listed, fmt::format("Assigned incident {} to {}.", listed.incident.id, listed.assigned_login),
               options.dry_run);
}

}  // namespace

void add_incident_assign(Command& incident) {
  auto options = std::make_shared<Options>();
  auto& command = incident.add("assign", "Give an incident to somebody, which begins the investigation")
                      .positional("INCIDENT", options->incident, "Number shown by 'incident list'")
                      .required()
                      .positional("LOGIN", options->login, "Account that takes it; without it your own")
                      .option("--note", "TEXT", options->note, "Why");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl incident assign 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
