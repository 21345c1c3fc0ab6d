#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    const auto details = app::get_guest(house, app::resolve_guest(house, options.guest).id);
    session.show(details, card_of(details, zone_for(house, std::nullopt).name()));
  });
}

}  // namespace

void add_guest_show(Command& guest) {
  auto options = std::make_shared<Options>();
  guest.add("show", "Show a guest and what terminals know the guest by")
      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl guest show 17")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
