#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/backup_plan.hpp"
#include "app/backup_prune.hpp"
#include "app/backup_turn.hpp"
#include "cli/arguments.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/views_archives.hpp"
#include "config/settings.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> to;
  std::string note;
  bool if_due = false;
  bool prune = false;
  bool dry_run = false;
};

std::string sentence(const archive::BackupMade& made) {
  std::vector<std::string> places;
  for (const auto& copy : made.copies)
    if (!copy.failure) places.push_back(copy.target);
  const auto& manifest = made.manifest;
  return fmt::format("Made backup {}: {} rows, {}, to {}.", manifest.id, manifest.rows(),
                     amount_text(manifest.data().size), fmt::join(places, " and "));
}

archive::BackupMade make(const Options& options, Session& session, const Clock& clock, const StopOnSignal& stop) {
  const auto actor = backup_actor(session);
  ProgressLine line{session, "Backing up"};
  const auto desk = backup_desk(session, actor, clock, &line, stop.token());
  return app::create_backup(desk, {.targets = options.to, .note = options.note, .by_person = !options.if_due});
}

/// What no rule keeps goes, now that there is a newer backup. That some of it stays is no reason to doubt the backup.
void prune(Session& session, const Clock& clock) {
  std::vector<app::PruneItem> items;
  try {
    items =
        app::prune(session.db(), session.settings(), clock, backup_actor(session), app::policy_of(session.settings()));
  } catch (const Error& error) {
    if (error.code() == Errc::conflict) return session.note("Not pruned: " + error.message() + ".");
    throw Error(Errc::partial, "the backup was made, and nothing was pruned: " + error.message(), error.hint());
  }
  const auto goes = std::ranges::count_if(items, [](const auto& item) { return !item.verdict.keep; });
  std::vector<std::string> failures;
  for (const auto& item : items)
    if (!item.failure.empty()) failures.push_back(fmt::format("{}: {}", item.copy.target, item.failure));
  if (goes > 0)
    session.note(
        fmt::format("Pruned {} of {} copies.", goes - static_cast<std::ptrdiff_t>(failures.size()), items.size()));
  if (!failures.empty())
    throw Error(Errc::partial,
                fmt::format("the backup was made, and not all was pruned: {}", fmt::join(failures, "; ")),
                "The next run tries again.");
}

void plan(const Options& options, Session& session, const Clock& clock) {
  const StopOnSignal stop;
  const auto actor = backup_actor(session);
  const auto desk = backup_desk(session, actor, clock, nullptr, stop.token());
  const auto plan = app::plan_backup(desk, options.to);
  session.show(plan, card_of(plan));
  const auto bad = std::ranges::count_if(plan.places, [](const auto& place) { return !place.problem.empty(); });
  if (!plan.problems.empty() || bad == static_cast<std::ptrdiff_t>(plan.places.size()))
    session.set_exit_status(info(Errc::failed).exit_status);
  else if (bad > 0)
    session.set_exit_status(info(Errc::partial).exit_status);
}

void run(const Options& options, Session& session) {
  const SystemClock clock;
  if (options.dry_run) return plan(options, session, clock);
  const StopOnSignal stop;
  // What goes to another place is not the backup of the night, and nobody waits for it.
  const app::BackupCall call{options.if_due, options.to.empty()};
  const auto outcome = app::run_backup(session.db(), session.settings(), clock, call, [&] {
    const auto made = make(options, session, clock, stop);
    session.done(made, sentence(made));
    std::vector<std::string> failures;
    for (const auto& copy : made.copies)
      if (copy.failure) failures.push_back(fmt::format("{}: {}", copy.target, copy.failure->message()));
    if (!failures.empty())
      throw Error(Errc::partial,
                  fmt::format("backup {} is not everywhere: {}", made.manifest.id, fmt::join(failures, "; ")),
                  "Put that right, and make another one.");
  });
  if (outcome == app::BackupOutcome::not_due) return session.note("No backup is due.");
  if (outcome == app::BackupOutcome::somebody_else) return session.note("Somebody else is making the backup.");
  if (options.prune) prune(session, clock);
}

}  // namespace

void add_backup_create(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command =
      backup.add("create", "Make a backup of everything: one moment, encrypted, to all places at once")
          .details(
              "It is written straight from the database to where it is kept, without a file in between. Only those "
              "whose public keys stand in [backup] recipients can read it, with their private keys; this machine "
              "cannot. The master key is in it, sealed for them. One program at a time makes backups; [backup] "
              "ping_url_file hears how it goes, unless --to is given. Ctrl-C and SIGTERM end it in order: nothing that "
              "was begun is left that looks complete. A dry run asks each place whether it takes the backup, looks for "
              "keys, programs and room, and writes none.")
          .option("--to", "TARGET", options->to, "Keep it here instead of in [backup] targets: file:///… or s3://…")
          .option("--note", "TEXT", options->note, "Why it was made")
          .flag("--if-due", options->if_due, "Only if none was made since [backup] schedule, and nobody is at it")
          .flag("--prune", options->prune, "Remove copies afterwards that no rule keeps, as 'backup prune' does");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::partial, Errc::conflict, Errc::denied, Errc::config})
      .uses_database()
      .example("visitorctl backup create --note 'before the update'")
      .example("visitorctl backup create --to file:///media/usb")
      .example("visitorctl backup create --dry-run", "whether the next one would succeed")
      .example("visitorctl --quiet backup create --if-due --prune",
               "what timers run: visitord, systemd and cron make one a night")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
