#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string department;
  std::optional<std::string> site;
  app::DepartmentEdit wanted;
  std::optional<int> if_version;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  require_some(options.wanted.name || options.wanted.director);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto before = app::resolve_department(work, options.department, find_site(work, options.site));
  const auto version = before.department.version;
  const auto department =
      app::edit_department(work, before.department.id, options.wanted, options.if_version.value_or(version));
  finish(tx, options.dry_run);
  session.done(app::DepartmentListed{department, before.site_name},
               edited("department", department.id.value, department.name, version, department.version),
               options.dry_run);
}

}  // namespace

void add_department_edit(Command& department) {
  auto options = std::make_shared<Options>();
  auto& command = department.add("edit", "Change a department")
                      .details(kEditDetails)
                      .positional("DEPARTMENT", options->department, "Name or number")
                      .required()
                      .option("--name", "NAME", options->wanted.name, "Name, unique at the site")
                      .option("--director", "NAME", options->wanted.director, "Who leads it");
  add_site_filter(command, options->site);
  add_if_version(command, options->if_version);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl department edit Admissions --director 'Aigerim Saparova'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
