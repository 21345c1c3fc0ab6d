#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/presence.hpp"
#include "app/remote/house.hpp"
#include "app/visit_steps.hpp"
#include "app/visits.hpp"

/// As in app/visits.hpp, app/visit_steps.hpp and app/presence.hpp, of a house elsewhere.
namespace visitor::app {

VisitListed create_visit(RemoteHouse& house, const NewVisit& visit);
VisitListed check_in(RemoteHouse& house, VisitId id);
VisitListed check_out(RemoteHouse& house, VisitId id);
VisitListed cancel_visit(RemoteHouse& house, VisitId id, const std::string& reason);
VisitListed edit_visit(RemoteHouse& house, VisitId id, const VisitEdit& wanted, std::optional<int> seen);
VisitListed reopen_visit(RemoteHouse& house, VisitId id, const std::string& reason, const VisitEdit& times);
VisitListed get_visit(RemoteHouse& house, VisitId id);
std::vector<VisitListed> list_visits(RemoteHouse& house, const VisitFilter& filter);
VisitHistory visit_history(RemoteHouse& house, VisitId id);
std::vector<VisitStep> visit_steps(RemoteHouse& house, VisitId id);

Presence presence_now(RemoteHouse& house, std::optional<SiteId> site);
Presence presence_at(RemoteHouse& house, Instant at, std::optional<SiteId> site);

}  // namespace visitor::app
