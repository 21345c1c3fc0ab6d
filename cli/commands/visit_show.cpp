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
  const auto shown = read_house(session, [&](auto& house) {
    return VisitShown{app::get_visit(house, options.visit), app::visit_history(house, options.visit)};
  });
  session.show(shown, card_of(shown));
}

}  // namespace

void add_visit_show(Command& visit) {
  auto options = std::make_shared<Options>();
  visit.add("show", "Show a visit and what people did to it")
      .positional("VISIT", options->visit, "Number shown by 'visit list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl visit show 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
