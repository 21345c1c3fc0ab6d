#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  app::DepartmentFilter filter;
  filter.site = find_site(work, options.site);
  const auto departments = app::list_departments(work, filter);
  session.list("departments", departments, department_table(departments));
}

}  // namespace

void add_department_list(Command& department) {
  auto options = std::make_shared<Options>();
  auto& command = department.add("list", "List departments by site and name");
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl department list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
