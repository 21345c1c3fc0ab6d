#include "cli/account_commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {

void add_group_remove(Command& group) {
  add_remove(
      group,
      {.what = "group",
       .argument = "GROUP",
       .help = "Remove a group; its users stay; this cannot be undone",
       .details = "A route of alerts that names the group tells nobody by it from then on: 'visitorctl alert route "
                  "test' shows who is told.",
       .thing_help = "Name of the group",
       .example = "visitorctl group remove guards --dry-run"},
      [](const app::Work& work, const RemoveOptions& options) { return app::resolve_group(work, options.thing); },
      &app::GroupListed::group, app::remove_group);
}

}  // namespace visitor::cli
