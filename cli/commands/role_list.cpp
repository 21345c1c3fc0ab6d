#include "cli/account_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {

void add_role_list(Command& role) {
  role.add("list", "List roles by name").uses_database().example("visitorctl role list").runs([](Session& session) {
    db::Transaction tx{session.db(), kReading};
    const auto roles = app::list_roles(session.reader(tx));
    session.list("roles", roles, role_table(roles));
  });
}

}  // namespace visitor::cli
