#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  AlertId alert;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.reader(tx);
  auto ledger = store::Alerts{tx, domain::Scope::everything()}.find(options.alert);
  if (!ledger)
    throw Error(Errc::not_found, fmt::format("alert {} does not exist", options.alert),
                "Run 'visitorctl alert list' to see them.");
  const AlertExplained explained{*std::move(ledger), app::test_route(work, options.alert)};
  if (!session.json() && explained.ledger.deliveries.empty())
    session.note("Nobody has been chosen for it yet; visitord does that.");
  session.show(explained, explain_table(explained));
}

}  // namespace

void add_alert_explain(Command& alert) {
  auto options = std::make_shared<Options>();
  alert.add("explain", "Say why somebody got an alert, or did not")
      .details(
          "What became of it is what was decided then. Why others were not told is what the routes say now: they may "
          "have been changed since.")
      .positional("ALERT", options->alert, "Number shown by 'alert list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl alert explain 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
