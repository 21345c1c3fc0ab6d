#include <fmt/format.h>

#include "app/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
  std::string reason;
  bool dry_run = false;
};

/// Visits of the guest that go on all the same.
std::vector<app::VisitListed> live_visits(const app::Work& work, GuestId guest) {
  app::VisitFilter live;
  live.guest = guest;
  live.statuses = {domain::VisitStatus::awaiting, domain::VisitStatus::checked_in};
  return app::list_visits(work, live);
}

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto details = app::block_guest(work, app::resolve_guest(work, options.guest).id, options.reason);
  const auto visits = live_visits(work, details.guest.id);
  finish(tx, options.dry_run);
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
      .uses_database()
      .example("visitorctl guest block 17 'took a projector home'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
