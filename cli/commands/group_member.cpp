#include <fmt/format.h>

#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string group;
  std::string user;
  bool dry_run = false;
};

/// \param change  (house, group, account): what is done to the group
/// \param said    of the user and the group: "Added {} to group {}."
template <class Change>
void add_change(Command& member, const char* name, const char* help, Change change, std::string said,
                std::initializer_list<Errc> fails_with) {
  auto options = std::make_shared<Options>();
  auto& command = member.add(name, help)
                      .positional("GROUP", options->group, "Name of the group")
                      .required()
                      .positional("USER", options->user, kUserHelp)
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with(fails_with)
      .uses_house()
      .example(fmt::format("visitorctl group member {} guards anna", name))
      .runs([options, change, said = std::move(said)](Session& session) {
        std::string login;
        const auto listed = change_house(session, options->dry_run, [&](auto& house) {
          const auto account = app::resolve_account(house, options->user);
          login = account.login;
          return change(house, options->group, account);
        });
        session.done(listed, fmt::format(fmt::runtime(said), login, listed.group.name), options->dry_run);
      });
}

}  // namespace

void add_group_member(Command& member) {
  add_change(member, "add", "Take a user into a group",
             [](auto& house, const auto& group, const auto& account) { return app::add_member(house, group, account); },
             "Added {} to group {}.", {Errc::not_found, Errc::conflict});
  add_change(
      member, "remove", "Take a user out of a group",
      [](auto& house, const auto& group, const auto& account) { return app::remove_member(house, group, account); },
      "Removed {} from group {}.", {Errc::not_found});
}

}  // namespace visitor::cli
