#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  SilenceId silence;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto listed = app::expire_silence(session.work(tx), options.silence);
  finish(tx, options.dry_run);
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
      .uses_database()
      .example("visitorctl alert silence expire 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
