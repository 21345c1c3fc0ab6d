#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/database_view.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const bool started = session.instance().cluster().start();
  const auto view = look_at_database(session.instance());
  session.done(view, started ? "Started the embedded database." : "The embedded database runs already.");
}

}  // namespace

void add_db_start(Command& db) {
  db.add("start", "Start the embedded database, which visitord and visitorctl also do when they need it")
      .uses_database()
      .fails_with({Errc::denied})
      .example("visitorctl db start")
      .runs(run);
}

}  // namespace visitor::cli
