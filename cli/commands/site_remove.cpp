#include "cli/commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {

void add_site_remove(Command& site) {
  add_remove(
      site,
      {.what = "site",
       .argument = "SITE",
       .help = "Remove a site that nothing refers to; this cannot be undone",
       .example = "visitorctl site remove 'Old office' --yes"},
      [](const app::Work& work, const RemoveOptions& options) { return app::resolve_site(work, options.thing); },
      std::identity{}, app::remove_site);
}

}  // namespace visitor::cli
