#include <fmt/format.h>

#include "app/remote/alerts.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  SilenceId silence;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto listed =
      change_house(session, options.dry_run, [&](auto& house) { return app::expire_silence(house, options.silence); });
  session.done(listed, fmt::format("Ended silence {}: {}.", listed.silence.id, app::describe(listed)), options.dry_run);
}

}  // namespace

void add_alert_silence_expire(Command& silence) {
  auto options = std::make_shared<Options>();
  auto& command = silence.add("expire", "End a silence now")
                      .positional("SILENCE", options->silence, "Number shown by 'alert silence list'")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl alert silence expire 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
