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
  std::string value;
  std::optional<std::string> site;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto kept = change_house(session, options.dry_run, [&](auto& house) {
    const auto site = app::resolve_site_or_only(house, options.site);
    return app::set_site_rule(house, {options.key, options.value, site.id});
  });
  session.done(
      kept,
      fmt::format("At site '{}' {} is {} now.", kept.site_name, kept.key, kept.value.empty() ? "none" : kept.value),
      options.dry_run);
}

}  // namespace

void add_rules_set(Command& rules) {
  auto options = std::make_shared<Options>();
  auto& command = rules.add("set", "Let a rule go by something else at one site")
                      .details(
                          "KEY is an option of [rules] as 'visitorctl rules show' names it: a threshold, the severity "
                          "of a type (long_stay_severity), or off: the types that are off at this site, with commas "
                          "between, or none. VALUE has the bounds of visitor.toml, which says what holds at all "
                          "other sites. It counts from the next event and the next tick on.")
                      .positional("KEY", options->key, "long_stay, capacity, overstay_severity, off, …")
                      .required()
                      .positional("VALUE", options->value, "As in visitor.toml, without quotes: 6h, 07:30, 4, high")
                      .required()
                      .option("--site", "SITE", options->site, "By name or number; without it the only one there is");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl rules set long_stay 6h --site 'Head office'")
      .example("visitorctl rules set off tamper,door_held --site Warehouse", "There the door is always open")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
