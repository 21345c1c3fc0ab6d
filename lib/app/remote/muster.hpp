#pragma once

#include <optional>

#include "app/muster.hpp"
#include "app/remote/house.hpp"

/// As in app/muster.hpp, of a house elsewhere.
namespace visitor::app {

domain::RollCall roll_call(RemoteHouse& house, std::optional<SiteId> site);

}  // namespace visitor::app
