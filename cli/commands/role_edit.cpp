#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string role;
  app::RoleEdit wanted;
  bool second_factor = false;
  bool no_second_factor = false;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.wanted;
  if (options.second_factor && options.no_second_factor)
    throw Error(Errc::usage, "only one of --second-factor and --no-second-factor can be given");
  if (options.second_factor || options.no_second_factor) wanted.requires_second_factor = options.second_factor;
  require_some(wanted.name || wanted.description || wanted.requires_second_factor || !wanted.allow.empty() ||
               !wanted.forbid.empty());
  int version = 0;
  const auto role = change_house(session, options.dry_run, [&](auto& house) {
    const auto before = app::resolve_role(house, options.role);
    version = before.version;
    return app::edit_role(house, before.name, wanted, options.if_version.value_or(version));
  });
  session.done(role, edited("role", role.id.value, role.name, version, role.version), options.dry_run);
}

}  // namespace

void add_role_edit(Command& role) {
  auto options = std::make_shared<Options>();
  auto& wanted = options->wanted;
  auto& command =
      role.add("edit", "Change a role, for everybody who has it")
          .details(std::string{kEditDetails} +
                   " The administrator's role keeps its name, its permissions and its second factor.")
          .positional("ROLE", options->role, "Name of the role")
          .required()
          .option("--name", "NAME", wanted.name, "Unique; small letters, digits, '-' and '_', with a letter first")
          .option("--description", "TEXT", wanted.description, "What it is for")
          .option("--allow", "PERMISSION", wanted.allow, "What it may do besides, as 'role permissions' lists it")
          .option("--forbid", "PERMISSION", wanted.forbid, "What it may do no longer")
          .flag("--second-factor", options->second_factor, "Without a second factor whoever has it can only set one up")
          .flag("--no-second-factor", options->no_second_factor, "A password is enough");
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl role edit reception --allow statistics.view --forbid guest.document.view")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
