#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  const auto departments = read_house(session, [&](auto& house) {
    app::DepartmentFilter filter;
    filter.site = find_site(house, options.site);
    return app::list_departments(house, filter);
  });
  session.list("departments", departments, department_table(departments));
}

}  // namespace

void add_department_list(Command& department) {
  auto options = std::make_shared<Options>();
  auto& command = department.add("list", "List departments by site and name");
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl department list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
