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
  std::string reason;
  std::optional<Moment> from;
  std::optional<Moment> until;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  const auto visit = change_house(session, options.dry_run, [&](auto& house) {
    const auto zone = Zone::named(app::get_visit(house, options.visit).time_zone);
    app::VisitEdit times;
    if (options.from) times.expected_from = session.instant(*options.from, zone);
    if (options.until) times.expected_until = session.instant(*options.until, zone);
    return app::reopen_visit(house, options.visit, options.reason, times);
  });
  session.done(visit,
               fmt::format("Reopened visit {} of {}: {}.", visit.visit.id, visit.guest_name, app::describe(visit)),
               options.dry_run);
}

}  // namespace

void add_visit_reopen(Command& visit) {
  auto options = std::make_shared<Options>();
  auto& command =
      visit.add("reopen", "Take back a mistaken check-out, cancellation or no-show")
          .details(
              "A guest who had come is in the building again, as if nobody had ended the visit; any other is awaited "
              "again, which needs new times where the expected day is over. An end that a door saw stands.")
          .positional("VISIT", options->visit, "Number shown by 'visit list'")
          .required()
          .option("--reason", "TEXT", options->reason, "Why")
          .option("--from", "TIME", options->from, "When the guest is expected now")
          .option("--until", "TIME", options->until, "When the guest is expected to have left now");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_house()
      .example("visitorctl visit reopen 42 --reason 'checked out the wrong guest'")
      .example("visitorctl visit reopen 43 --from +1h --until +3h")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
