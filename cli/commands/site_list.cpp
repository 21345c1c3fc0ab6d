#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const auto sites = read_house(session, [](auto& house) { return app::list_sites(house); });
  session.list("sites", sites, site_table(sites));
}

}  // namespace

void add_site_list(Command& site) {
  site.add("list", "List sites by name").uses_house().example("visitorctl site list").runs(run);
}

}  // namespace visitor::cli
