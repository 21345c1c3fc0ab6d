#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/backup_turn.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/views_archives.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> to;
  std::string note;
  bool if_due = false;
};

std::string sentence(const archive::BackupMade& made) {
  std::vector<std::string> places;
  for (const auto& copy : made.copies)
    if (!copy.failure) places.push_back(copy.target);
  const auto& manifest = made.manifest;
  return fmt::format("Made backup {}: {} rows, {}, to {}.", manifest.id, manifest.rows(),
                     amount_text(manifest.data().size), fmt::join(places, " and "));
}

archive::BackupMade make(const Options& options, Session& session, const Clock& clock) {
  const auto actor = backup_actor(session);
  ProgressLine line{session, "Backing up"};
  const auto desk = backup_desk(session, actor, clock, &line);
  return app::create_backup(desk, {.targets = options.to, .note = options.note, .by_person = !options.if_due});
}

void run(const Options& options, Session& session) {
  const SystemClock clock;
  // What goes to another place is not the backup of the night, and nobody waits for it.
  const app::BackupCall call{options.if_due, options.to.empty()};
  const auto outcome = app::run_backup(session.db(), session.settings(), clock, call, [&] {
    const auto made = make(options, session, clock);
    session.done(made, sentence(made));
    std::vector<std::string> failures;
    for (const auto& copy : made.copies)
      if (copy.failure) failures.push_back(fmt::format("{}: {}", copy.target, copy.failure->message()));
    if (!failures.empty())
      throw Error(Errc::partial,
                  fmt::format("backup {} is not everywhere: {}", made.manifest.id, fmt::join(failures, "; ")),
                  "Put that right, and make another one.");
  });
  if (outcome == app::BackupOutcome::not_due) session.note("No backup is due.");
  if (outcome == app::BackupOutcome::somebody_else) session.note("Somebody else is making the backup.");
}

}  // namespace

void add_backup_create(Command& backup) {
  auto options = std::make_shared<Options>();
  backup.add("create", "Make a backup of everything: one moment, encrypted, to all places at once")
      .details(
          "It is written straight from the database to where it is kept, without a file in between. Only those whose "
          "public keys stand in [backup] recipients can read it, with their private keys; this machine cannot. The "
          "master key is in it, sealed for them. One program at a time makes backups; [backup] ping_url_file hears how "
          "it "
          "goes, unless --to is given.")
      .option("--to", "TARGET", options->to, "Keep it here instead of in [backup] targets: file:///… or s3://…")
      .option("--note", "TEXT", options->note, "Why it was made")
      .flag("--if-due", options->if_due, "Only if none was made since [backup] schedule, and nobody is at it")
      .fails_with({Errc::partial, Errc::conflict, Errc::denied, Errc::config})
      .uses_database()
      .example("visitorctl backup create --note 'before the update'")
      .example("visitorctl backup create --to file:///media/usb")
      .example("visitorctl --quiet backup create --if-due",
               "what timers run: visitord, systemd and cron make one a night")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
