#include "app/remote/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  EventId event;
  bool raw = false;
};

void run(const Options& options, Session& session) {
  const auto event = read_house(session, [&](auto& house) { return app::get_event(house, options.event); });
  if (options.raw) return session.print(event.event.raw + "\n");
  session.show(event, card_of(event));
}

}  // namespace

void add_event_show(Command& event) {
  auto options = std::make_shared<Options>();
  event.add("show", "Show an event, decoded and as it came")
      .positional("EVENT", options->event, "Number shown by 'event list'")
      .required()
      .flag("--raw", options->raw, "Print only the terminal's words as they are stored, one JSON document")
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl event show 1200 --raw | jq .employeeNoString")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
