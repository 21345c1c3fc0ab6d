#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/accounts.hpp"
#include "app/api_keys.hpp"
#include "app/remote/house.hpp"
#include "app/roles.hpp"
#include "core/secret.hpp"

/// As in app/accounts.hpp, app/roles.hpp and app/api_keys.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<domain::Account> list_accounts(RemoteHouse& house, const UserFilter& filter);
domain::Account resolve_account(RemoteHouse& house, std::string_view ref);

std::vector<domain::Role> list_roles(RemoteHouse& house);
domain::Role resolve_role(RemoteHouse& house, std::string_view ref);
domain::Role create_role(RemoteHouse& house, const NewRole& role);
domain::Role edit_role(RemoteHouse& house, std::string_view name, const RoleEdit& wanted, std::optional<int> seen = {});

std::vector<domain::Grant> list_grants(RemoteHouse& house, const GrantFilter& filter);
domain::Grant grant_role(RemoteHouse& house, const domain::Account& account, const domain::Role& role,
                         const GrantPlace& place);
domain::Grant revoke_role(RemoteHouse& house, const domain::Account& account, const domain::Role& role,
                          const GrantPlace& place);

std::vector<GroupListed> list_groups(RemoteHouse& house);
GroupListed resolve_group(RemoteHouse& house, std::string_view name);
GroupListed add_group(RemoteHouse& house, const std::string& name, const std::string& description);
GroupListed edit_group(RemoteHouse& house, std::string_view group, const std::optional<std::string>& name,
                       const std::optional<std::string>& description, std::optional<int> seen = {});
GroupListed add_member(RemoteHouse& house, std::string_view group, const domain::Account& account);
GroupListed remove_member(RemoteHouse& house, std::string_view group, const domain::Account& account);

std::vector<domain::Session> list_sessions(RemoteHouse& house, const std::optional<std::string>& login, bool all,
                                           int limit);
std::vector<domain::Session> revoke_sessions(RemoteHouse& house, std::string_view login,
                                             std::optional<domain::SessionId> only);
/// Shows a code in the session whose token the key is.
/// \throws Error denied  it is wrong, was used before, or an API key is no session
void show_code(RemoteHouse& house, const Secret& code);

}  // namespace visitor::app
