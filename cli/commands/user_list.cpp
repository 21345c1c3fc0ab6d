#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string text;
  std::optional<std::string> role;
  bool disabled = false;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  auto accounts = read_house(session, [&](auto& house) {
    app::UserFilter filter;
    filter.text = options.text;
    if (options.disabled) filter.disabled = true;
    if (options.role) filter.role = app::resolve_role(house, *options.role).id;
    filter.limit = options.limit + 1;
    return app::list_accounts(house, filter);
  });
  cut(accounts, options.limit, session);
  session.list("users", accounts, account_table(accounts));
}

}  // namespace

void add_user_list(Command& user) {
  auto options = std::make_shared<Options>();
  auto& command = user.add("list", "List users by login")
                      .positional("TEXT", options->text, "Somewhere in login, name, company, department or e-mail")
                      .option("--role", "ROLE", options->role, "Only who has this role, wherever")
                      .flag("--disabled", options->disabled, "Only those that are disabled");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl user list")
      .example("visitorctl user list --role administrator")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
