#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string name;
  std::string director;
  std::optional<std::string> site;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto site = app::resolve_site_or_only(work, options.site);
  const auto department = app::add_department(work, {site.id, options.name, options.director});
  finish(tx, options.dry_run);
  session.done(app::DepartmentListed{department, site.name},
               fmt::format("Added department {}: {}.", department.id, department.name), options.dry_run);
}

}  // namespace

void add_department_add(Command& department) {
  auto options = std::make_shared<Options>();
  auto& command =
      department.add("add", "Add a department to a site")
          .positional("NAME", options->name, "Name, unique at the site")
          .required()
          .option("--director", "NAME", options->director, "Who leads it")
          .option("--site", "SITE", options->site, "Name or number; not needed where there is only one site");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl department add Admissions --director 'Aigerim Saparova'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
