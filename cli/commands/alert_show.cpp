#include "app/ledger.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_alerts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  AlertId alert;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto ledger = app::get_alert(work, options.alert);
  session.show(ledger, card_of(ledger, zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_alert_show(Command& alert) {
  auto options = std::make_shared<Options>();
  alert.add("show", "Show an alert, who was to get it and every try")
      .positional("ALERT", options->alert, "Number shown by 'alert list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl alert show 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
