#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "app/events.hpp"
#include "app/remote/house.hpp"
#include "app/terminals.hpp"

/// As in app/terminals.hpp and app/events.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<TerminalListed> list_terminals(RemoteHouse& house, const TerminalFilter& filter);
TerminalListed resolve_terminal(RemoteHouse& house, std::string_view ref);
std::vector<DoorListed> list_doors(RemoteHouse& house, std::optional<TerminalId> terminal);

std::vector<EventListed> list_events(RemoteHouse& house, const EventFilter& filter);
EventListed get_event(RemoteHouse& house, EventId id);

}  // namespace visitor::app
