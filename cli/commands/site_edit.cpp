#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string site;
  app::SiteEdit wanted;
  std::vector<int> days_off;
  bool no_days_off = false;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.wanted;
  if (options.no_days_off && !options.days_off.empty())
    throw Error(Errc::usage, "--day-off and --no-day-off exclude each other");
  if (options.no_days_off || !options.days_off.empty())
    wanted.days_off.emplace(options.days_off.begin(), options.days_off.end());
  require_some(wanted.name || wanted.time_zone || wanted.country_code || wanted.days_off);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto before = app::resolve_site(work, options.site);
  const auto site = app::edit_site(work, before.id, wanted, options.if_version.value_or(before.version));
  finish(tx, options.dry_run);
  session.done(site, edited("site", site.id.value, site.name, before.version, site.version), options.dry_run);
  if (site.time_zone != before.time_zone) session.note("Visits that have ended keep the states that they have.");
}

}  // namespace

void add_site_edit(Command& site) {
  auto options = std::make_shared<Options>();
  auto& command = site.add("edit", "Change a site")
                      .details(kEditDetails)
                      .positional("SITE", options->site, "Name or number")
                      .required()
                      .option("--name", "NAME", options->wanted.name, "Name, unique")
                      .option("--time-zone", "ZONE", options->wanted.time_zone, "As in tzdata: Europe/Berlin")
                      .option("--country-code", "DIGITS", options->wanted.country_code,
                              "Completes telephone numbers that are given without one from now on")
                      .option("--day-off", "DAY", options->days_off, "Closed on this weekday, 1 Monday to 7 Sunday")
                      .between(1, 7)
                      .flag("--no-day-off", options->no_days_off, "Open on every day of the week");
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl site edit 'Head office' --name Headquarters --day-off 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
