#include <fmt/format.h>

#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string user;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto account = app::enable_account(work, app::resolve_account(work, options.user).id);
  finish(tx, options.dry_run);
  session.done(account, fmt::format("Enabled user {}: {}.", account.id, account.login), options.dry_run);
}

}  // namespace

void add_user_enable(Command& user) {
  auto options = std::make_shared<Options>();
  auto& command =
      user.add("enable", "Let a disabled user log in again").positional("USER", options->user, kUserHelp).required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl user enable anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
