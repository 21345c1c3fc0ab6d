#pragma once

#include <span>
#include <vector>

#include "app/incidents.hpp"
#include "app/remote/house.hpp"

/// As in app/incidents.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<IncidentListed> list_incidents(RemoteHouse& house, const IncidentFilter& filter);
IncidentDetails get_incident(RemoteHouse& house, IncidentId id);
IncidentListed open_incident(RemoteHouse& house, const NewIncident& incident);
/// \throws Error usage  several \p ids: through the API each would be changed by itself
std::vector<IncidentListed> change_incidents(RemoteHouse& house, std::span<const IncidentId> ids,
                                             const IncidentAction& action);

}  // namespace visitor::app
