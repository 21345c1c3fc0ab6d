#include <fmt/format.h>

#include "app/remote/accounts.hpp"
#include "cli/account_commands.hpp"
#include "cli/arguments.hpp"
#include "cli/house.hpp"
#include "cli/views_accounts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string name;
  std::string description;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto listed = change_house(
      session, options.dry_run, [&](auto& house) { return app::add_group(house, options.name, options.description); });
  session.done(listed, fmt::format("Added group {}: {}.", listed.group.id, listed.group.name), options.dry_run);
}

}  // namespace

void add_group_add(Command& group) {
  auto options = std::make_shared<Options>();
  auto& command = group.add("add", "Add a group of users, for routes of alerts to name")
                      .positional("NAME", options->name, "Name, unique")
                      .required()
                      .option("--description", "TEXT", options->description, "What it is for");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::conflict})
      .uses_house()
      .example("visitorctl group add guards --description 'On duty at the gate'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
