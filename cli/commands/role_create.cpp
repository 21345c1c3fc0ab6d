#include <fmt/format.h>

#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewRole role;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto role =
      change_house(session, options.dry_run, [&](auto& house) { return app::create_role(house, options.role); });
  session.done(role, fmt::format("Created role {}: {}.", role.id, role.name), options.dry_run);
}

}  // namespace

void add_role_create(Command& role) {
  auto options = std::make_shared<Options>();
  auto& command =
      role.add("create", "Make a role of permissions")
          .positional("NAME", options->role.name, "Unique; small letters, digits, '-' and '_', with a letter first")
          .required()
          .option("--allow", "PERMISSION", options->role.permissions,
                  "What it may do, as 'role permissions' lists it; at least one")
          .required()
          .option("--description", "TEXT", options->role.description, "What it is for")
          .flag("--second-factor", options->role.requires_second_factor,
                "Without a second factor whoever has it can only set one up");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::conflict})
      .uses_house()
      .example("visitorctl role create foreman --allow visit.view --allow inside.view --description 'Leads a crew'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
