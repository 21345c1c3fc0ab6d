#include <fmt/format.h>

#include "app/restore.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/step_up.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/views.hpp"
#include "cli/views_archives.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string id;
  std::string to;
  std::vector<std::string> from;
  std::optional<std::filesystem::path> key;
  bool replace = false;
  std::optional<std::filesystem::path> code_file;
  bool yes = false;
};

std::string sentence(const app::Restored& restored) {
  auto text = fmt::format("Restored backup {} into the database {}: {} rows in {}.", restored.id, restored.database,
                          restored.rows, duration_text(restored.took));
  if (restored.schema_after != restored.schema_before)
    text +=
        fmt::format(" The schema was brought from version {} to {}.", restored.schema_before, restored.schema_after);
  if (restored.key_written) text += " The master key of the backup is in place.";
  if (restored.resealed > 0)
    text += fmt::format(" {} secrets were sealed anew with the master key of this machine.", restored.resealed);
  if (!restored.put_aside.empty()) text += fmt::format(" What was there before is now {}.", restored.put_aside);
  return text + " Nothing is done by itself until 'visitorctl resume'.";
}

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const app::Actor actor{{}, Session::os_user(), domain::ActionHow::person};
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
  if (place.step_up != app::StepUpNeed::none) {
    db::Pool pool{{.connection = {.conninfo = place.conninfo}, .size = 1}};
    step_up(session, place.step_up, pool, Vault::open(session.settings().secrets.key_file), options.code_file);
  }
  const StopOnSignal stop;  // nothing is asked any more
  desk.stop = stop.token();
  const auto restored = app::restore_backup(desk, *found.target, found.manifest, order, place);
  session.done(restored, sentence(restored));
  if (!restored.put_aside.empty() && !session.json()) {
    session.note(restored.differences.empty() ? "It holds what was there before." : "What is different from before:");
    for (const auto& difference : restored.differences) session.note("  " + difference);
  }
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
              "empty one asks nothing.")
          .positional("BACKUP", options->id, "Its name, or as much of it as only one has; else the newest")
          .option("--to", "URL", options->to, "Connection string of the database, or embedded")
          .required();
  add_key(command, options->key);
  add_from(command, options->from);
  add_code_file(command, options->code_file);
  command.flag("--replace", options->replace, "Put aside what the database holds")
      .flag("-y,--yes", options->yes, kYesHelp)
      .fails_with({Errc::not_found, Errc::conflict, Errc::denied, Errc::config, Errc::database, Errc::integrity})
      .example("visitorctl backup restore --to embedded --key backup.key --from file:///media/usb", "on a new machine")
      .example("visitorctl backup restore 20261122T030000Z --to embedded --replace --key backup.key --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
