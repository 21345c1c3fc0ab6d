#include <fmt/format.h>

#include "app/backup_prune.hpp"
#include "cli/arguments.hpp"
#include "cli/backup_watch_commands.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string backup;
  std::string reason;
  bool dry_run = false;
};

struct Held {
  const std::string& backup;
  const std::string& reason;
  int copies;
};

void write(JsonWriter& json, const Held& held) {
  json.begin_object().member("backup", std::string_view{held.backup}).text_member("held_reason", held.reason);
  json.member("copies", held.copies).end();
}

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto count = app::hold_backup(session.work(tx), options.backup, options.reason);
  finish(tx, options.dry_run);
  session.done(
      Held{options.backup, options.reason, count},
      fmt::format("Backup {} is on hold: {} {} kept.", options.backup, count, count == 1 ? "copy is" : "copies are"),
      options.dry_run);
}

void run_release(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto count = app::release_backup(session.work(tx), options.backup);
  finish(tx, options.dry_run);
  session.done(Held{options.backup, options.reason, count},
               fmt::format("Backup {} is no longer on hold.", options.backup), options.dry_run);
}

}  // namespace

void add_backup_hold(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command = backup.add("hold", "Keep a backup whatever the rules say, until it is released")
                      .positional("BACKUP", options->backup, "Name shown by 'backup list'")
                      .required()
                      .option("--reason", "TEXT", options->reason, "Why: the case, the order")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl backup hold 20261123T030000Z-k3m9qx --reason 'police, case 4711'")
      .runs([options](Session& session) { run(*options, session); });
}

void add_backup_release(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command = backup.add("release", "Let the rules decide on a backup again that is on hold")
                      .positional("BACKUP", options->backup, "Name shown by 'backup list'")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl backup release 20261123T030000Z-k3m9qx")
      .runs([options](Session& session) { run_release(*options, session); });
}

}  // namespace visitor::cli
