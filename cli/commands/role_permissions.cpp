#include "cli/account_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {

void add_role_permissions(Command& role) {
  role.add("permissions", "List everything that a role can allow")
      .example("visitorctl role permissions")
      .runs([](Session& session) {
        std::vector<domain::Permission> all;
        for (const auto& row : domain::names<domain::Permission>()) all.push_back(row.value);
        session.list("permissions", all, permission_table(all));
      });
}

}  // namespace visitor::cli
