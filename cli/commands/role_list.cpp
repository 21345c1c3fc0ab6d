#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/house.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {

void add_role_list(Command& role) {
  role.add("list", "List roles by name").uses_house().example("visitorctl role list").runs([](Session& session) {
    const auto roles = read_house(session, [](auto& house) { return app::list_roles(house); });
    session.list("roles", roles, role_table(roles));
  });
}

}  // namespace visitor::cli
