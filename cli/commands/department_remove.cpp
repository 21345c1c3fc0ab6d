#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string department;
  std::optional<std::string> site;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto found = [&] {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    return app::resolve_department(work, options.department, find_site(work, options.site));
  }();
  if (!options.dry_run)
    session.confirm(fmt::format("Remove department {}, {}?", found.department.id, found.department.name), options.yes);
  db::Transaction tx{session.db()};
  app::remove_department(session.work(tx), found.department.id);
  finish(tx, options.dry_run);
  session.done(found, fmt::format("Removed department {}: {}.", found.department.id, found.department.name),
               options.dry_run);
}

}  // namespace

void add_department_remove(Command& department) {
  auto options = std::make_shared<Options>();
  auto& command = department.add("remove", "Remove a department that nothing refers to; this cannot be undone")
                      .details(
                          "What is in use stays: the message says by how many of what, and how to list them. What was "
                          "recorded about it in the audit stays, too.")
                      .positional("DEPARTMENT", options->department, "Name or number")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_site_filter(command, options->site);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl department remove Admissions --dry-run")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
