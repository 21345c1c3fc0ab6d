#include <fmt/format.h>

#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/new_password.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string user;
  std::optional<std::filesystem::path> password_file;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto before = [&] {
    db::Transaction tx{session.db(), kReading};
    return app::resolve_account(session.reader(tx), options.user);
  }();
  const auto hash = get_new_password(session, options.password_file, before.login);
  db::Transaction tx{session.db()};
  const auto account = app::set_account_password(session.work(tx), before.id, hash);
  finish(tx, options.dry_run);
  session.done(account, fmt::format("Set the password of user {}: {}.", account.id, account.login), options.dry_run);
}

}  // namespace

void add_user_passwd(Command& user) {
  auto options = std::make_shared<Options>();
  auto& command = user.add("passwd", "Set a user's password, and end the user's sessions")
                      .details(
                          "8 to 256 characters; not one that everybody tries first, and not with the login in it. "
                          "Any characters will do.")
                      .positional("USER", options->user, kUserHelp)
                      .required();
  add_password_file(command, options->password_file, "there is a prompt");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl user passwd anna")
      .example("visitorctl user passwd anna --password-file - < secret")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
