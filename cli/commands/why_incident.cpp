#include "app/why.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  IncidentId incident;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto why = app::why_incident(session.reader(tx), options.incident);
  session.show(why, why_table(why));
}

}  // namespace

void add_why_incident(Command& why) {
  auto options = std::make_shared<Options>();
  why.add("incident", "Show the events behind an incident, its steps, and whom it was told to")
      .positional("INCIDENT", options->incident, "Number shown by 'incident list'")
      .required()
      .details("The columns are those of 'why visit'.")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl why incident 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
