#include "app/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  VisitId visit;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const VisitShown shown{app::get_visit(work, options.visit), app::visit_history(work, options.visit)};
  session.show(shown, card_of(shown));
}

}  // namespace

void add_visit_show(Command& visit) {
  auto options = std::make_shared<Options>();
  visit.add("show", "Show a visit and what people did to it")
      .positional("VISIT", options->visit, "Number shown by 'visit list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl visit show 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
