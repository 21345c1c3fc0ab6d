#include <fmt/format.h>

#include "app/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_rules.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string key;
  std::optional<std::string> site;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto site = app::resolve_site_or_only(work, options.site);
  const auto gone = app::unset_site_rule(work, site.id, options.key);
  finish(tx, options.dry_run);
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
      .uses_database()
      .example("visitorctl rules unset long_stay --site 'Head office'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
