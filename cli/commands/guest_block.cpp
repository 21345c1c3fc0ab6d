#include <fmt/format.h>

#include "app/remote/registry.hpp"
#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
  std::string reason;
  bool dry_run = false;
};

/// Visits of the guest that go on all the same.
template <class House>
std::vector<app::VisitListed> live_visits(House& house, GuestId guest) {
  app::VisitFilter live;
  live.guest = guest;
  live.statuses = {domain::VisitStatus::awaiting, domain::VisitStatus::checked_in};
  return app::list_visits(house, live);
}

void run(const Options& options, Session& session) {
  const auto [details, visits] = change_house(session, options.dry_run, [&](auto& house) {
    const auto id = app::resolve_guest(house, options.guest).id;
    auto blocked = app::block_guest(house, id, options.reason);
    auto live = live_visits(house, blocked.guest.id);
    return std::pair{std::move(blocked), std::move(live)};
  });
  session.done(details, fmt::format("Blocked guest {}, {}.", details.guest.id, details.guest.name), options.dry_run);
  for (const auto& visit : visits)
    session.note(fmt::format("Visit {} goes on: {}.", visit.visit.id, app::describe(visit)));
}

}  // namespace

void add_guest_block(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command = guest.add("block", "Say that a guest must not be registered any more")
                      .details("Visits that are registered already stay as they are and are named.")
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required()
                      .positional("REASON", options->reason, "Why; shown to whoever tries to register the guest")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl guest block 17 'took a projector home'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
