#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string department;
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  const auto department = read_house(session, [&](auto& house) {
    return app::resolve_department(house, options.department, find_site(house, options.site));
  });
  session.show(department, card_of(department));
}

}  // namespace

void add_department_show(Command& department) {
  auto options = std::make_shared<Options>();
  auto& command =
      department.add("show", "Show a department").positional("DEPARTMENT", options->department, "Name or number");
  command.required();
  add_site_filter(command, options->site);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl department show Admissions")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
