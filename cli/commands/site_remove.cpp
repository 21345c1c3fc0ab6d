#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string site;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto found = [&] {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    return app::resolve_site(work, options.site);
  }();
  if (!options.dry_run) session.confirm(fmt::format("Remove site {}, {}?", found.id, found.name), options.yes);
  db::Transaction tx{session.db()};
  app::remove_site(session.work(tx), found.id);
  finish(tx, options.dry_run);
  session.done(found, fmt::format("Removed site {}: {}.", found.id, found.name), options.dry_run);
}

}  // namespace

void add_site_remove(Command& site) {
  auto options = std::make_shared<Options>();
  auto& command = site.add("remove", "Remove a site that nothing refers to; this cannot be undone")
                      .details(
                          "What is in use stays: the message says by how many of what, and how to list them. What was "
                          "recorded about it in the audit stays, too.")
                      .positional("SITE", options->site, "Name or number")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl site remove 'Old office' --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
