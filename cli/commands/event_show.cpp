#include "app/events.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  EventId event;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto event = app::get_event(session.reader(tx), options.event);
  session.show(event, card_of(event));
}

}  // namespace

void add_event_show(Command& event) {
  auto options = std::make_shared<Options>();
  event.add("show", "Show an event, decoded and as it came")
      .positional("EVENT", options->event, "Number shown by 'event list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl event show 1200 --json | jq .raw")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
