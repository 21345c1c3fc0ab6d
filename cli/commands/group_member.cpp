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

/// \param change  what is done to the group
/// \param said    of the user and the group: "Added {} to group {}."
void add_change(Command& member, const char* name, const char* help, decltype(&app::add_member) change,
                std::string said, std::initializer_list<Errc> fails_with) {
  auto options = std::make_shared<Options>();
  auto& command = member.add(name, help)
                      .positional("GROUP", options->group, "Name of the group")
                      .required()
                      .positional("USER", options->user, kUserHelp)
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with(fails_with)
      .uses_database()
      .example(fmt::format("visitorctl group member {} guards anna", name))
      .runs([options, change, said = std::move(said)](Session& session) {
        db::Transaction tx{session.db()};
        const auto work = session.work(tx);
        const auto account = app::resolve_account(work, options->user);
        const auto listed = change(work, options->group, account);
        finish(tx, options->dry_run);
        session.done(listed, fmt::format(fmt::runtime(said), account.login, listed.group.name), options->dry_run);
      });
}

}  // namespace

void add_group_member(Command& member) {
  add_change(member, "add", "Take a user into a group", &app::add_member, "Added {} to group {}.",
             {Errc::not_found, Errc::conflict});
  add_change(member, "remove", "Take a user out of a group", &app::remove_member, "Removed {} from group {}.",
             {Errc::not_found});
}

}  // namespace visitor::cli
