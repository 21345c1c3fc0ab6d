#include "app/remote/alerts.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views_alerts.hpp"

namespace visitor::cli {
namespace {

struct Options {
  AlertId alert;
};

void run(const Options& options, Session& session) {
  read_house(session, [&](auto& house) {
    const auto ledger = app::get_alert(house, options.alert);
    session.show(ledger, card_of(ledger, zone_for(house, std::nullopt).name()));
  });
}

}  // namespace

void add_alert_show(Command& alert) {
  auto options = std::make_shared<Options>();
  alert.add("show", "Show an alert, who was to get it and every try")
      .positional("ALERT", options->alert, "Number shown by 'alert list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl alert show 42")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
