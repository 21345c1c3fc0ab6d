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
  const auto listed = app::mark_false_alarm(session.work(tx), options.incident, options.note);
  finish(tx, options.dry_run);
  session.done(
      listed,
      fmt::format("Marked incident {} as a false alarm: {}.", listed.incident.id, domain::name(listed.incident.type)),
      options.dry_run);
}

}  // namespace

void add_incident_false_alarm(Command& incident) {
  auto options = std::make_shared<Options>();
  auto& command = incident.add("false-alarm", "Say that an incident was none")
                      .positional("INCIDENT", options->incident, "Number shown by 'incident list'")
                      .required()
                      .option("--note", "TEXT", options->note, "How that is known");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl incident false-alarm 7 --note 'fire drill'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
