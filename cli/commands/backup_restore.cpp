#include <fmt/format.h>

#include "app/backup_turn.hpp"
#include "app/restore_at.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/step_up.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/views.hpp"
#include "cli/views_archives.hpp"
#include "core/exact_moment.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string id;
  std::string at;
  std::string to;
  std::vector<std::string> from;
  std::optional<std::filesystem::path> key;
  bool replace = false;
  std::optional<std::filesystem::path> code_file;
  bool yes = false;
};

/// \param what  "backup 20261122T030000Z-k3m9qx"
std::string sentence(const std::string& what, const app::Restored& restored) {
  auto text = fmt::format("Restored {} into the database {}: {} rows in {}.", what, restored.database, restored.rows,
                          duration_text(restored.took));
  if (restored.schema_after != restored.schema_before)
    text +=
        fmt::format(" The schema was brought from version {} to {}.", restored.schema_before, restored.schema_after);
  if (restored.key_written) text += " The master key of the backup is in place.";
  if (restored.resealed > 0)
    text += fmt::format(" {} secrets were sealed anew with the master key of this machine.", restored.resealed);
  if (!restored.put_aside.empty()) text += fmt::format(" What was there before is now {}.", restored.put_aside);
  return text + " Nothing is done by itself until 'visitorctl resume'.";
}

void show(Session& session, const std::string& what, const app::Restored& restored) {
  session.done(restored, sentence(what, restored));
  if (restored.put_aside.empty() || session.json()) return;
  session.note(restored.differences.empty() ? "It holds what was there before." : "What is different from before:");
  for (const auto& difference : restored.differences) session.note("  " + difference);
}

/// Before what is there is put aside.
void ask_for_code(Session& session, const app::RestorePlace& place, const Options& options) {
  if (place.step_up == app::StepUpNeed::none) return;
  db::Pool pool{{.connection = {.conninfo = place.conninfo}, .size = 1}};
  step_up(session, place.step_up, pool, Vault::open(session.settings().secrets.key_file), options.code_file);
}

/// Asked by a session of its own that is gone before the restore wants to be alone with the database.
Zone zone_of(Session& session) {
  const auto& settings = session.settings();
  if (const auto& name = settings.backup.time_zone; !name.empty()) return Zone::named(name);
  app::Instance instance{settings};
  if (!app::has_database(instance)) return Zone::utc();
  db::Transaction tx{instance.pool_of_any_schema(), kReading};
  return app::backup_zone(session.reader(tx));
}

void run_at(const Options& options, Session& session) {
  if (!options.id.empty()) throw Error(Errc::usage, "--at chooses the base backup by itself", "Leave its name out.");
  if (options.to != "embedded")
    throw Error(Errc::usage, "a moment can be restored into the embedded database only", "Say --to embedded.");
  if (options.from.size() > 1) throw Error(Errc::usage, "--at reads one archive", "Give --from once.");
  const SystemClock clock;
  const app::Actor actor{{}, Session::os_user(), domain::ActionHow::person, session.origin()};
  const auto key = read_key(options.key);
  const auto zone = zone_of(session);
  ProgressLine line{session, "Restoring"};
  auto desk = backup_desk(session, actor, clock, &line);
  const app::RestoreAtOrder order{&key, parse_exact_moment(options.at, clock.now(), zone),
                                  options.from.empty() ? std::string{} : options.from.front(), options.replace};
  const auto plan = app::look_at_restore_at(desk, order);
  const auto what = zone.iso(order.at);
  const auto& base = plan.stretch.base;
  session.note(fmt::format("Base backup {} of {} and the log since then, signed by {}, reach from {} to {}.", base.id,
                           base.host, base.signer, zone.iso(plan.stretch.from), zone.iso(plan.stretch.to)));
  session.confirm(plan.place.tables == 0
                      ? fmt::format("Restore the embedded database as of {}?", what)
                      : fmt::format("Put the embedded database with its {} tables aside, and restore it as of {}?",
                                    plan.place.tables, what),
                  options.yes);
  ask_for_code(session, plan.place, options);
  const StopOnSignal stop;  // nothing is asked any more
  desk.stop = stop.token();
  show(session, fmt::format("the moment {}", what), app::restore_at(desk, plan, order));
}

void run(const Options& options, Session& session) {
  if (!options.at.empty()) return run_at(options, session);
  const SystemClock clock;
  const app::Actor actor{{}, Session::os_user(), domain::ActionHow::person, session.origin()};
  const auto key = read_key(options.key);
  ProgressLine line{session, "Restoring"};
  auto desk = backup_desk(session, actor, clock, &line);
  const auto targets = app::open_backup_targets(desk, options.from);
  const auto found = app::find_backup(targets, options.id);
  const app::RestoreOrder order{&key, options.to, options.replace};
  const auto place = app::look_at_restore(desk, found.manifest, order);
  session.note(fmt::format("Backup {} of {}, made on {}, signed by {}.", found.manifest.id,
                           to_iso(found.manifest.started), found.manifest.host, found.manifest.signer));
  session.confirm(
      place.tables == 0
          ? fmt::format("Restore it into the empty database {}?", place.database)
          : fmt::format("Put the database {} with its {} tables aside, and restore the backup in its place?",
                        place.database, place.tables),
      options.yes);
  ask_for_code(session, place, options);
  const StopOnSignal stop;  // nothing is asked any more
  desk.stop = stop.token();
  const auto restored = app::restore_backup(desk, *found.target, found.manifest, order, place);
  show(session, "backup " + restored.id, restored);
}

}  // namespace

void add_backup_restore(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command =
      backup.add("restore", "Bring a backup back, all of it or nothing")
          .details(
              "The database must be empty. With --replace one that is not is put aside under another name once the "
              "backup stands complete beside it; visitord must be stopped. An older schema is brought forward. Where "
              "there is no master key, the backup's is put in place; where there is another, secrets are sealed anew "
              "with it. Afterwards terminals are not polled, no alert leaves and no job runs until 'visitorctl "
              "resume', so that nobody is told of the past. A password for --to belongs into ~/.pgpass. Where the "
              "database that is put aside has an account of yours with an authenticator, a code of it is asked for; an "
              "empty one asks nothing.\n"
              "With --at the embedded database is restored as it was at a moment, from the archive that [backup.wal] "
              "in visitor.toml(5) describes: a base backup, and the write-ahead log that was written since. Every "
              "segment of it is opened and checked first, then it is replayed in a cluster beside the present one, "
              "which changes places with it at the end; whatever goes wrong before changes nothing. A moment that the "
              "archive does not reach is refused, and the message says which it does.\n"
              "A server of your own that [database] names is archived with its own tools: pgbackrest, barman or "
              "WAL-G go on as they are, with archive_command, stanza and schedule of the server, and need nothing "
              "from visitor, whose database is one of the cluster's. To go back with them, stop visitord, let them "
              "restore ('pgbackrest --stanza=main --type=time --target=... --target-action=promote restore'), and "
              "keep visitord stopped until you want terminals polled again: a server that was restored that way does "
              "not wait for 'visitorctl resume'. The dumps of 'visitorctl backup create' are made beside that, and "
              "'visitorctl backup status' is about those alone.")
          .positional("BACKUP", options->id, "Its name, or as much of it as only one has; else the newest")
          .option("--to", "URL", options->to, "Connection string of the database, or embedded")
          .required();
  command.option(
      "--at", "TIME", options->at,
      "The moment, as 2026-11-22T14:05 or 2h for two hours ago; without an offset by the clock of the site, or "
      "in UTC where there is no database to ask for it");
  add_key(command, options->key);
  add_from(command, options->from);
  add_code_file(command, options->code_file);
  command.flag("--replace", options->replace, "Put aside what the database holds")
      .flag("-y,--yes", options->yes, kYesHelp)
      .fails_with({Errc::not_found, Errc::conflict, Errc::denied, Errc::config, Errc::database, Errc::integrity})
      .example("visitorctl backup restore --to embedded --key backup.key --from file:///media/usb", "on a new machine")
      .example("visitorctl backup restore 20261122T030000Z --to embedded --replace --key backup.key --yes")
      .example("visitorctl backup restore --at 2026-11-22T14:05 --to embedded --replace --key backup.key")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
