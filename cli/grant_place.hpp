#pragma once

#include <optional>
#include <string>

#include "app/roles.hpp"
#include "cli/command.hpp"

namespace visitor::app {
class RemoteHouse;
}  // namespace visitor::app

namespace visitor::cli {

/// Where a role is granted, as it is typed: one of these, or nothing for everything.
struct PlaceOptions {
  std::optional<std::string> site;
  std::optional<std::string> department;
  std::optional<std::string> host;
};

/// --site, --department and --host
void add_grant_place(Command& command, PlaceOptions& place);

/// \throws Error usage      more than one is given
/// \throws Error not_found
app::GrantPlace find_grant_place(const app::Work& work, const PlaceOptions& place);
app::GrantPlace find_grant_place(app::RemoteHouse& house, const PlaceOptions& place);

}  // namespace visitor::cli
