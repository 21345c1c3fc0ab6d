#include "cli/account_commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Named {
  AccountId id;
  std::string name;
};

}  // namespace

void add_user_remove(Command& user) {
  add_remove(
      user,
      {.what = "user",
       .argument = "USER",
       .help = "Remove a user who has done nothing yet; this cannot be undone",
       .details = "Whoever has done something, or has logged in, stays, so that the audit keeps its names: 'visitorctl "
                  "user disable' is for them. Roles, memberships and authenticators go with the user.",
       .thing_help = kUserHelp,
       .example = "visitorctl user remove anna --dry-run"},
      [](const app::Work& work, const RemoveOptions& options) { return app::resolve_account(work, options.thing); },
      [](const domain::Account& account) {
        return Named{account.id, account.login};
      },
      app::remove_account);
}

}  // namespace visitor::cli
