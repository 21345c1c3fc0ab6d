#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string user;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto account = app::resolve_account(work, options.user);
  const AccountShown shown{account, app::list_grants(work, {.account = account.id}), app::groups_of(work, account.id)};
  session.show(shown, card_of(shown, zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_user_show(Command& user) {
  auto options = std::make_shared<Options>();
  user.add("show", "Show a user, with roles and groups")
      .positional("USER", options->user, kUserHelp)
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl user show anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
