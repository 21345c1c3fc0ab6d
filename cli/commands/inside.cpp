#include "app/visits.hpp"
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
  const auto inside = app::list_inside(work, find_site(work, options.site));
  session.list("inside", inside, inside_table(inside, session.now()));
}

}  // namespace

void add_inside(Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("inside", "List who is in the building, the longest first");
  add_site_filter(command, options->site);
  command.details("The whole list, without a limit: in an emergency nobody may be missing from it.")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl inside")
      .example("visitorctl inside | wc -l", "How many?")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
