#include <fmt/format.h>

#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto details = change_house(session, options.dry_run, [&](auto& house) {
    const auto id = app::resolve_guest(house, options.guest).id;
    return app::unblock_guest(house, id);
  });
  session.done(details, fmt::format("Guest {}, {}, may be registered again.", details.guest.id, details.guest.name),
               options.dry_run);
}

}  // namespace

void add_guest_unblock(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command = guest.add("unblock", "Let a guest who was blocked be registered again")
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl guest unblock 17")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
