#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/database_view.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const auto view = look_at_database(session.instance());
  session.show(view, card_of(view));
}

}  // namespace

void add_db_status(Command& db) {
  db.add("status", "Show where the database is, its version, its schema and its size; starts nothing")
      .uses_database()
      .example("visitorctl db status")
      .runs(run);
}

}  // namespace visitor::cli
