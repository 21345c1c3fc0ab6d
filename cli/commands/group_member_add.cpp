#include <fmt/format.h>

#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string group;
  std::string user;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto account = app::resolve_account(work, options.user);
  const auto listed = app::add_member(work, options.group, account);
  finish(tx, options.dry_run);
  session.done(listed, fmt::format("Added {} to group {}.", account.login, listed.group.name), options.dry_run);
}

}  // namespace

void add_group_member_add(Command& member) {
  auto options = std::make_shared<Options>();
  auto& command = member.add("add", "Take a user into a group")
                      .positional("GROUP", options->group, "Name of the group")
                      .required()
                      .positional("USER", options->user, kUserHelp)
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl group member add guards anna")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
