#include "cli/account_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {

void add_group_list(Command& group) {
  group.add("list", "List groups of users by name")
      .uses_database()
      .example("visitorctl group list")
      .runs([](Session& session) {
        db::Transaction tx{session.db(), kReading};
        const auto groups = app::list_groups(session.reader(tx));
        session.list("groups", groups, group_table(groups));
      });
}

}  // namespace visitor::cli
