#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto sites = app::list_sites(session.reader(tx));
  session.list("sites", sites, site_table(sites));
}

}  // namespace

void add_site_list(Command& site) {
  site.add("list", "List sites by name").uses_database().example("visitorctl site list").runs(run);
}

}  // namespace visitor::cli
