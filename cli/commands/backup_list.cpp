#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/views_archives.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> from;
};

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto actor = backup_actor(session);
  const auto desk = backup_desk(session, actor, clock);
  std::vector<std::unique_ptr<archive::Target>> targets;
  if (!options.from.empty() || !session.settings().backup.targets.empty())
    targets = app::open_backup_targets(desk, options.from);
  else
    session.note("No place for backups is named: set [backup] targets.");
  std::vector<std::string> failures;
  const auto rows = app::list_stored_backups(desk, targets, failures);
  session.list("backups", rows, backup_table(rows, backup_zone_name(session)));
  if (!failures.empty())
    throw Error(Errc::partial, fmt::format("not every place answers: {}", fmt::join(failures, "; ")));
}

}  // namespace

void add_backup_list(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command = backup.add("list", "List the backups that there are, newest first")
                      .details(
                          "The places themselves are asked, so this also works where the database is lost. 'whole' "
                          "means that manifest and data are there and fit each other; 'incomplete' is a run that is "
                          "going on or was cut off, and no backup; 'damaged' says what is wrong in its remark. "
                          "Whether the bytes are still good only 'backup verify' can tell.");
  add_from(command, options->from);
  command.fails_with({Errc::partial, Errc::denied, Errc::config})
      .example("visitorctl backup list")
      .example("visitorctl backup list --from s3://offsite/visitor")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
