#include <fmt/format.h>

#include "app/backups.hpp"
#include "cli/arguments.hpp"
#include "cli/backup_commands.hpp"

namespace visitor::cli {
namespace {

struct Options {
  bool dry_run = false;
};

struct Resumed {
  app::HeldBack held;
};

void write(JsonWriter& json, const Resumed& resumed) {
  json.begin_object()
      .member("held_since", resumed.held.since)
      .member("held_why", std::string_view{resumed.held.why})
      .end();
}

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto held = app::resume_after_restore(work);
  finish(tx, options.dry_run);
  session.done(Resumed{held}, fmt::format("Working again. The database was {}.", held.why), options.dry_run);
}

}  // namespace

void add_resume(Command& root) {
  auto options = std::make_shared<Options>();
  auto& command =
      root.add("resume", "Let a restored database work again: poll terminals, send alerts, run jobs")
          .details("Look first at what would be told: 'visitorctl alert list' and 'visitorctl incident list'.");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::conflict}).uses_database().example("visitorctl resume").runs([options](Session& session) {
    run(*options, session);
  });
}

}  // namespace visitor::cli
