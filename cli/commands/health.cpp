#include "app/health.hpp"

#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/log.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  app::HealthInput input{session.now(), {}, {}, {}};
  input.disk = app::look_at_disk(session.settings());
  try {
    input.house = app::look_at_house(session.db(), session.settings(), SystemClock{});
  } catch (const Error& error) {
    if (error.code() != Errc::database && error.code() != Errc::database_lost) throw;
    log::debug("database: {}", error.message());
  }
  const auto health = app::assess(input);
  session.set_exit_status(app::plugin_status(health));
  session.print((session.json() ? app::to_json(health) : app::to_plugin_line(health)) + "\n");
}

}  // namespace

void add_health(Command& root) {
  root.add("health", "Say in one line, as monitoring plugins do, whether all is well")
      .details(
          "Looks at database, terminals, waiting alerts, scheduled jobs and disk. visitord shows the same at /health/.")
      .as_check()
      .example("visitorctl health")
      .runs(run);
}

}  // namespace visitor::cli
