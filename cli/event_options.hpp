#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/events.hpp"
#include "cli/arguments.hpp"

namespace visitor::cli {

/// Which events: the same in 'event list' and 'event tail'.
struct EventOptions {
  std::optional<std::string> site;
  std::optional<std::string> terminal;
  std::optional<std::string> guest;
  std::vector<domain::EventClass> classes;
  std::optional<domain::Direction> direction;
  std::string person;
};

void add_event_options(Command& command, EventOptions& options);

/// \throws Error not_found
app::EventFilter event_filter(const app::Work& work, const EventOptions& options);
app::EventFilter event_filter(app::RemoteHouse& house, const EventOptions& options);

}  // namespace visitor::cli
