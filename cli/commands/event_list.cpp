#include "app/remote/terminals.hpp"
#include "cli/commands.hpp"
#include "cli/event_options.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  EventOptions events;
  Period period;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  auto events = read_house(session, [&](auto& house) {
    auto filter = event_filter(house, options.events);
    const auto span = resolve(options.period, session, zone_for(house, options.events.site));
    filter.since = span.since;
    filter.until = span.until;
    filter.limit = options.limit + 1;
    return app::list_events(house, filter);
  });
  cut(events, options.limit, session);
  session.list("events", events, event_table(events, session.now()));
}

}  // namespace

void add_event_list(Command& event) {
  auto options = std::make_shared<Options>();
  auto& command = event.add("list", "List events, the newest by the terminals' clocks first");
  add_event_options(command, options->events);
  add_period(command, options->period, "dated");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl event list --since 1h --class denied")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
