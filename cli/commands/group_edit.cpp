#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string group;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  require_some(options.name || options.description);
  int version = 0;
  const auto listed = change_house(session, options.dry_run, [&](auto& house) {
    version = app::resolve_group(house, options.group).group.version;
    return app::edit_group(house, options.group, options.name, options.description,
                           options.if_version.value_or(version));
  });
  session.done(listed, edited("group", listed.group.id.value, listed.group.name, version, listed.group.version),
               options.dry_run);
}

}  // namespace

void add_group_edit(Command& group) {
  auto options = std::make_shared<Options>();
  auto& command = group.add("edit", "Change a group's name or description")
                      .details(kEditDetails)
                      .positional("GROUP", options->group, "Name of the group")
                      .required()
                      .option("--name", "NAME", options->name, "Name, unique")
                      .option("--description", "TEXT", options->description, "What it is for");
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl group edit guards --description 'On duty at the gate, day and night'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
