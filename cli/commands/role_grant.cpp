#include <fmt/format.h>

#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/grant_place.hpp"
#include "cli/house.hpp"
#include "cli/step_up.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string user;
  std::string role;
  PlaceOptions place;
  std::optional<std::filesystem::path> code_file;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (!options.dry_run || session.remote()) step_up(session, options.code_file);
  const auto grant = change_house(session, options.dry_run, [&](auto& house) {
    const auto account = app::resolve_account(house, options.user);
    const auto role = app::resolve_role(house, options.role);
    return app::grant_role(house, account, role, find_grant_place(house, options.place));
  });
  session.done(grant, fmt::format("Granted {} to {} on {}.", grant.role_name, grant.login, place_text(grant)),
               options.dry_run);
}

}  // namespace

void add_role_grant(Command& role) {
  auto options = std::make_shared<Options>();
  auto& command = role.add("grant", "Give a user a role: on everything, or on one site, department or host")
                      .positional("USER", options->user, kUserHelp)
                      .required()
                      .positional("ROLE", options->role, "Name of the role")
                      .required();
  add_grant_place(command, options->place);
  add_code_file(command, options->code_file);
  add_dry_run(command, options->dry_run);
  command.details(std::string{kStepUpDetails} + kStepUpThereDetails)
      .fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl role grant anna administrator")
      .example("visitorctl role grant boris reception --site 'Head office'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
