#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/registry.hpp"
#include "app/remote/house.hpp"
#include "app/rules.hpp"

/// As in app/rules.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<RuleListed> list_rules(RemoteHouse& house);
RuleListed get_rule(RemoteHouse& house, domain::IncidentType type);
/// As in app/registry.hpp.
domain::Site resolve_site_or_only(RemoteHouse& house, const std::optional<std::string>& ref);
RuleOverride set_site_rule(RemoteHouse& house, const RuleChange& change);
RuleOverride unset_site_rule(RemoteHouse& house, SiteId site, std::string_view key);

}  // namespace visitor::app
