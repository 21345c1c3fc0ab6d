#include "cli/commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {

void add_host_remove(Command& host) {
  add_remove(
      host,
      {.what = "host",
       .argument = "HOST",
       .help = "Remove a host that nothing refers to; this cannot be undone",
       .takes_site = true,
       .example = "visitorctl host remove 'Daniyar Omarov' --yes"},
      [](const app::Work& work, const RemoveOptions& options) {
        return app::resolve_host(work, options.thing, find_site(work, options.site));
      },
      &app::HostListed::host, app::remove_host);
}

}  // namespace visitor::cli
