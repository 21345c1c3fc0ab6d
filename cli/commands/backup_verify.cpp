#include <fmt/format.h>

#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/views_archives.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string id;
  app::VerifyLevel level = app::VerifyLevel::quick;
  std::vector<std::string> from;
  std::optional<std::filesystem::path> key;
  bool sabotage = false;
};

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto actor = backup_actor(session);
  ProgressLine line{session, "Checking"};
  std::optional<archive::PrivateKey> key;
  if (options.key || options.level != app::VerifyLevel::quick) key = read_key(options.key);
  const StopOnSignal stop;
  const auto desk = backup_desk(session, actor, clock, &line, stop.token());
  std::vector<app::BackupVerified> rows;
  const auto targets = app::open_backup_targets(desk, options.from);
  const auto id = app::find_backup(targets, options.id).manifest.id;
  for (const auto& target : targets) {
    std::optional<archive::Manifest> manifest;
    try {
      manifest = archive::fetch_manifest(*target, id);
    } catch (const Error& error) {
      if (error.code() != Errc::not_found && error.code() != Errc::integrity) throw;
      rows.push_back({.id = id,
                      .target = std::string{target->address()},
                      .level = options.level,
                      .problem = error.code() == Errc::not_found ? "it is not there" : error.message()});
      continue;
    }
    rows.push_back(
        app::verify_backup(desk, *target, *manifest,
                           {.level = options.level, .key = key ? &*key : nullptr, .sabotage = options.sabotage}));
  }
  session.list("checks", rows, verified_table(rows));
  std::string bad;
  for (const auto& row : rows)
    if (!row.problem.empty()) bad += fmt::format("{}{}", bad.empty() ? "" : ", ", row.target);
  if (!bad.empty())
    throw Error(Errc::integrity, fmt::format("backup {} is not good at {}", id, bad),
                options.sabotage ? "That was wanted: a byte was flipped on the way, and was noticed."
                                 : "Make another backup now, and find out what is wrong with that place.");
  if (options.sabotage)
    throw Error(Errc::failed, "a byte was flipped on the way, and nobody noticed",
                "Do not trust these backups, and report this.");
}

}  // namespace

void add_backup_verify(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command =
      backup.add("verify", "Check every copy of a backup, as deeply as asked")
          .details(
              "quick reads each byte and holds it against the signed manifest, which needs no key. full decrypts it, "
              "and counts and compares the rows of every table. restore brings it into a database of its own beside "
              "the state, compares it there, brings the schema forward, reads from it as people would, takes the "
              "time, and removes it again. What was found is kept for 'backup list' and for health. With --sabotage "
              "one bit is flipped on the way, and the check must fail.")
          .positional("BACKUP", options->id, "Its name, or as much of it as only one has; else the newest")
          .option("--level", "LEVEL", options->level, "How deeply")
          .default_is("quick");
  add_from(command, options->from);
  add_key(command, options->key);
  command.flag("--sabotage", options->sabotage, "Flip a bit on the way; the exit status must then be 17")
      .fails_with({Errc::not_found, Errc::conflict, Errc::denied, Errc::config, Errc::database, Errc::integrity})
      .example("visitorctl backup verify")
      .example("visitorctl backup verify --level restore --key /media/safe/backup.key", "a restore drill")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
