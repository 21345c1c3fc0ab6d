#include "cli/commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {

void add_department_remove(Command& department) {
  add_remove(
      department,
      {.what = "department",
       .argument = "DEPARTMENT",
       .help = "Remove a department that nothing refers to; this cannot be undone",
       .takes_site = true,
       .example = "visitorctl department remove Admissions --dry-run"},
      [](const app::Work& work, const RemoveOptions& options) {
        return app::resolve_department(work, options.thing, find_site(work, options.site));
      },
      &app::DepartmentListed::department, app::remove_department);
}

}  // namespace visitor::cli
