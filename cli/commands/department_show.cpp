#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string department;
  std::optional<std::string> site;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto department = app::resolve_department(work, options.department, find_site(work, options.site));
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
      .uses_database()
      .example("visitorctl department show Admissions")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
