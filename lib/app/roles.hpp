#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "domain/account.hpp"
#include "domain/scope.hpp"
#include "store/account_groups.hpp"
#include "store/roles.hpp"

/// Roles, who has them where, and groups of accounts. Every call that changes something writes its audit row (a change
/// of rights as permission_change) and its change row.
///
/// Where rights are given away, \p giver is who gives them: no right that he does not have there himself. Without one,
/// as at the command line, all of them can be given.
namespace visitor::app {

using store::GrantFilter;
using store::GrantPlace;
using store::GroupListed;

struct NewRole {
  std::string name;  ///< a small letter, then small letters, digits, '-' and '_'
  std::string description;
  bool requires_second_factor = false;
  std::vector<std::string> permissions;  ///< names: "visit.view"
};
/// \throws Error usage     a field is wrong; an unknown permission is told with a near one
/// \throws Error conflict  the name is taken
/// \throws Error denied    a permission that \p giver does not have on everything
domain::Role create_role(const Work& work, const NewRole& role, const domain::Principal* giver = nullptr);
std::vector<domain::Role> list_roles(const Work& work);
/// \throws Error not_found  names a near one
domain::Role resolve_role(const Work& work, std::string_view name);

struct RoleEdit {
  std::optional<std::string> name{};
  std::optional<std::string> description{};
  std::optional<bool> requires_second_factor{};
  std::vector<std::string> allow{};   ///< names of permissions that it gets
  std::vector<std::string> forbid{};  ///< and that it loses
};
/// \throws Error conflict  the administrator's role would lose its name, a permission or the second factor, the name is
///                         taken, or the role has another version than \p seen
/// \throws Error denied    a permission besides that \p giver does not have on everything
domain::Role edit_role(const Work& work, std::string_view name, const RoleEdit& wanted, std::optional<int> seen = {},
                       const domain::Principal* giver = nullptr);

/// By login, then role.
std::vector<domain::Grant> list_grants(const Work& work, const GrantFilter& filter = {});
/// \throws Error conflict  the account is disabled or the daemon's, or has exactly that already
/// \throws Error denied    the role allows what \p giver may not do there
domain::Grant grant_role(const Work& work, const domain::Account& account, const domain::Role& role,
                         const GrantPlace& place, const domain::Principal* giver = nullptr);
/// \returns what was taken away
/// \throws Error not_found  the account has the role, if at all, somewhere else (which is said)
/// \throws Error conflict   it is the last administrator's
domain::Grant revoke_role(const Work& work, const domain::Account& account, const domain::Role& role,
                          const GrantPlace& place);

/// \throws Error usage, conflict (the name is taken)
GroupListed add_group(const Work& work, const std::string& name, const std::string& description);
std::vector<GroupListed> list_groups(const Work& work);
/// \throws Error not_found  names a near one
GroupListed resolve_group(const Work& work, std::string_view name);
/// \throws Error conflict  the name is taken, or the group has another version than \p seen
GroupListed edit_group(const Work& work, std::string_view group, const std::optional<std::string>& name,
                       const std::optional<std::string>& description, std::optional<int> seen = {});
/// \throws Error not_found
void remove_group(const Work& work, GroupId id);
/// \throws Error not_found
GroupListed get_group(const Work& work, GroupId id);
/// Names of the groups that the account is in, in order.
std::vector<std::string> groups_of(const Work& work, AccountId account);
/// \throws Error conflict  the account is a member already
GroupListed add_member(const Work& work, std::string_view group, const domain::Account& account);
/// \throws Error not_found  the account is no member
GroupListed remove_member(const Work& work, std::string_view group, const domain::Account& account);

}  // namespace visitor::app
