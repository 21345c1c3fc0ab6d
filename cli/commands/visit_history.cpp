#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  VisitId visit;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    const auto visit = app::get_visit(house, options.visit);
    const auto steps = app::visit_steps(house, options.visit);
    session.list("steps", steps, step_table(steps, visit.time_zone));
  });
}

}  // namespace

void add_visit_history(Command& visit) {
  auto options = std::make_shared<Options>();
  visit.add("history", "Show every step of a visit: who did what and when, and what doors saw")
      .details(
          "Steps are in the order in which they happened, which for an event is the terminal's time. What was written "
          "down later says when. Which events belong to the visit follows from all that is stored of the guest.")
      .positional("VISIT", options->visit, "Number shown by 'visit list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl visit history 42")
      .example("visitorctl visit history 42 --json | jq '.steps[] | select(.event)'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
