#include <fmt/format.h>

#include "app/registry.hpp"
#include "app/remote/registry.hpp"
#include "app/remote/rules.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views_rules.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string key;
  std::optional<std::string> site;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto gone = change_house(session, options.dry_run, [&](auto& house) {
    return app::unset_site_rule(house, app::resolve_site_or_only(house, options.site).id, options.key);
  });
  session.done(gone, fmt::format("At site '{}' {} is what visitor.toml says again.", gone.site_name, gone.key),
               options.dry_run);
}

}  // namespace

void add_rules_unset(Command& rules) {
  auto options = std::make_shared<Options>();
  auto& command = rules.add("unset", "Let a site go by visitor.toml again")
                      .positional("KEY", options->key, "As given to 'rules set'")
                      .required()
                      .option("--site", "SITE", options->site, "By name or number; without it the only one there is");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl rules unset long_stay --site 'Head office'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
