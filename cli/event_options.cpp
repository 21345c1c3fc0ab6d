#include "cli/event_options.hpp"

#include "app/remote/registry.hpp"
#include "app/remote/terminals.hpp"

namespace visitor::cli {
namespace {

template <class House>
app::EventFilter filter_in(House& house, const EventOptions& options) {
  app::EventFilter filter;
  filter.site = find_site(house, options.site);
  if (options.terminal) filter.terminal = app::resolve_terminal(house, *options.terminal).terminal.id;
  if (options.guest) filter.guest = app::resolve_guest(house, *options.guest).id;
  filter.classes = options.classes;
  filter.direction = options.direction;
  filter.person = options.person;
  return filter;
}

}  // namespace

void add_event_options(Command& command, EventOptions& options) {
  add_site_filter(command, options.site);
  command.option("--terminal", "TERMINAL", options.terminal, "Only this terminal, by name or number")
      .option("--guest", "GUEST", options.guest, "Only this guest, by name or number")
      .option("--class", "CLASS", options.classes, "Only this class of events")
      .option("--direction", "DIRECTION", options.direction, "Only through doors that lead this way")
      .option("--person", "TEXT", options.person, "Only this employee number or card number");
}

app::EventFilter event_filter(const app::Work& work, const EventOptions& options) {
  return filter_in(work, options);
}

app::EventFilter event_filter(app::RemoteHouse& house, const EventOptions& options) {
  return filter_in(house, options);
}

}  // namespace visitor::cli
