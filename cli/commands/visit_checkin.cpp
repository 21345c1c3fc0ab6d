#include <fmt/format.h>

#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  VisitId visit;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto visit =
      change_house(session, options.dry_run, [&](auto& house) { return app::check_in(house, options.visit); });
  session.done(visit,
               fmt::format("Checked in visit {}, {}, at {}.", visit.visit.id, visit.guest_name,
                           clock_time(visit.visit.state.checked_in_at.value_or(session.now()), visit.time_zone)),
               options.dry_run);
}

}  // namespace

void add_visit_checkin(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command = visit.add("checkin", "Check a guest in now")
                      .positional("VISIT", options->visit, "Number shown by 'visit list'")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl visit checkin 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
