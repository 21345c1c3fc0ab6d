#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/house.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {

void add_group_list(Command& group) {
  group.add("list", "List groups of users by name")
      .uses_house()
      .example("visitorctl group list")
      .runs([](Session& session) {
        const auto groups = read_house(session, [](auto& house) { return app::list_groups(house); });
        session.list("groups", groups, group_table(groups));
      });
}

}  // namespace visitor::cli
