#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  domain::BreakGlassId id;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto closed = app::close_break_glass(session.work(tx), options.id);
  finish(tx, options.dry_run);
  session.done(closed, fmt::format("'{}' is no longer administrator.", closed.login), options.dry_run);
}

}  // namespace

void add_breakglass_close(Command& breakglass) {
  auto options = std::make_shared<Options>();
  auto& command = breakglass.add("close", "Take back now what was given in an emergency")
                      .positional("ID", options->id, "Number shown by 'breakglass list'")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl breakglass close 1")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
