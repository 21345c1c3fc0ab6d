#include <fmt/format.h>

#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewRole role;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto role = app::create_role(session.work(tx), options.role);
  finish(tx, options.dry_run);
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
      .uses_database()
      .example("visitorctl role create foreman --allow visit.view --allow inside.view --description 'Leads a crew'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
