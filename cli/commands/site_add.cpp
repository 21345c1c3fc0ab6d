#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewSite site;
  std::vector<int> days_off;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  auto wanted = options.site;
  if (!options.days_off.empty()) wanted.days_off.assign(options.days_off.begin(), options.days_off.end());
  db::Transaction tx{session.db()};
  const auto site = app::add_site(session.work(tx), wanted);
  finish(tx, options.dry_run);
  session.done(site, fmt::format("Added site {}: {}.", site.id, site.name), options.dry_run);
}

}  // namespace

void add_site_add(Command& site) {
  auto options = std::make_shared<Options>();
  auto& command =
      site.add("add", "Add a site")
          .positional("NAME", options->site.name, "Name, unique")
          .required()
          .option("--time-zone", "ZONE", options->site.time_zone, "As in tzdata: Europe/Berlin, Asia/Almaty")
          .required()
          .option("--country-code", "DIGITS", options->site.country_code,
                  "Completes telephone numbers that are given without one: 7, 49")
          .option("--day-off", "DAY", options->days_off, "Closed on this weekday, 1 Monday to 7 Sunday")
          .between(1, 7)
          .default_is("6 and 7");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::conflict})
      .uses_database()
      .example("visitorctl site add 'Head office' --time-zone Asia/Almaty --country-code 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
