#include "cli/commands.hpp"
#include "cli/remove_options.hpp"
#include "cli/views.hpp"

namespace visitor::cli {

void add_guest_remove(Command& guest) {
  add_remove(
      guest,
      {.what = "guest",
       .argument = "GUEST",
       .help = "Remove a guest that nothing refers to; this cannot be undone",
       .details = RemoveWords{}.details + " Credentials and the photo go with the guest.",
       .thing_help = "Number, or the exact name where only one guest has it",
       .example = "visitorctl guest remove 17 --yes"},
      [](const app::Work& work, const RemoveOptions& options) {
        return app::get_guest(work, app::resolve_guest(work, options.thing).id);
      },
      &app::GuestDetails::guest, app::remove_guest);
}

}  // namespace visitor::cli
