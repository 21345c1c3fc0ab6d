#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/database_view.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const bool stopped = session.instance().cluster().stop();
  const auto view = look_at_database(session.instance());
  session.done(view, stopped ? "Stopped the embedded database." : "The embedded database does not run.");
}

}  // namespace

void add_db_stop(Command& db) {
  db.add("stop", "Stop the embedded database in an orderly way")
      .details("Whoever needs it starts it again: stop visitord first.")
      .uses_database()
      .fails_with({Errc::denied})
      .example("visitorctl db stop")
      .runs(run);
}

}  // namespace visitor::cli
