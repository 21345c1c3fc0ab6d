#include <fmt/format.h>

#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/step_up.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string user;
  std::optional<std::filesystem::path> code_file;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (!options.dry_run) step_up(session, options.code_file);
  const auto& vault = session.vault();
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto account = app::resolve_account(work, options.user);
  const bool held = app::unlock_account(work, vault, account.id);
  finish(tx, options.dry_run);
  session.done(account,
               held ? fmt::format("User {}, {}, may log in again.", account.id, account.login)
                    : fmt::format("User {}, {}, was not held up.", account.id, account.login),
               options.dry_run);
}

}  // namespace

void add_user_unlock(Command& user) {
  auto options = std::make_shared<Options>();
  auto& command = user.add("unlock", "Forget a user's failed log-ins, so that the next one is not held up")
                      .positional("USER", options->user, kUserHelp)
                      .required();
  add_code_file(command, options->code_file);
  add_dry_run(command, options->dry_run);
  command.details(kStepUpDetails)
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl user unlock anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
