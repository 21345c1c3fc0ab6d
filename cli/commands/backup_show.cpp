#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/views_archives.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string id;
  std::vector<std::string> from;
};

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto actor = backup_actor(session);
  const auto desk = backup_desk(session, actor, clock);
  const auto targets = app::open_backup_targets(desk, options.from);
  const auto found = app::find_backup(targets, options.id);
  session.show(found.manifest, card_of(found.manifest, backup_zone_name(session)));
}

}  // namespace

void add_backup_show(Command& backup) {
  auto options = std::make_shared<Options>();
  auto& command = backup.add("show", "Show what is in a backup, table by table, and who can read it")
                      .details("All of it is said by the manifest, whose signature was checked. No key is needed.")
                      .positional("BACKUP", options->id, "Its name, or as much of it as only one has; else the newest");
  add_from(command, options->from);
  command.fails_with({Errc::not_found, Errc::denied, Errc::config, Errc::integrity})
      .example("visitorctl backup show")
      .example("visitorctl backup show 20261123T030000Z")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
