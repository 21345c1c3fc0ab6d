#include "app/roles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "core/text.hpp"
#include "store/departments.hpp"
#include "store/hosts.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using domain::Permission;

constexpr std::size_t kDescription = 200, kGroupName = 100, kRoleName = 63;
constexpr auto kGroupHint = "Run 'visitorctl group list' to see them.";
constexpr std::string_view kRoleTopic = "role";
constexpr std::string_view kGrantTopic = "role_grant";
constexpr std::string_view kGroupTopic = "account_group";

std::string checked_role_name(std::string_view given) {
  auto name = checked_text("the name of a role", given, 1, kRoleName);
  const bool plain = name.front() >= 'a' && name.front() <= 'z' && std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                     });
  if (!plain)
    throw Error(Errc::usage, fmt::format("'{}' cannot be the name of a role", name),
                "Use small letters, digits, '-' and '_', with a letter first.");
  return name;
}

Permission checked_permission(std::string_view given) {
  const auto word = lower(trim(given));
  if (const auto found = domain::find_named<Permission>(word)) return *found;
  std::vector<std::string> names;
  for (const auto& row : domain::names<Permission>()) names.emplace_back(row.name);
  throw Error(Errc::usage, fmt::format("there is no permission '{}'", trim(given)),
              near_hint(word, names, "Run 'visitorctl role permissions' to see them."));
}

std::vector<Permission> checked_permissions(const std::vector<std::string>& given) {
  std::vector<Permission> permissions;
  for (const auto& one : given) permissions.push_back(checked_permission(one));
  std::sort(permissions.begin(), permissions.end());
  permissions.erase(std::unique(permissions.begin(), permissions.end()), permissions.end());
  return permissions;
}

std::string in_words(const std::vector<Permission>& permissions) {
  std::vector<std::string_view> names;
  for (const auto one : permissions) names.push_back(domain::name(one));
  return fmt::format("{}", fmt::join(names, " "));
}

[[noreturn]] void refuse_taken(std::string_view what, std::string_view name) {
  throw Error(Errc::conflict, fmt::format("there is a {} '{}' already", what, name), "Give another name.");
}

template <class Id>
void record(const Work& work, std::string_view topic, domain::AuditAction action, Id id, std::int64_t version,
            std::string details) {
  auto entries = journal(work);
  entries.audit(action, topic, id, std::move(details));
  entries.change(topic, id, version);
}

/// Everything that a place belongs to; all empty: the place is everything.
struct Belonging {
  std::optional<SiteId> site;
  std::optional<DepartmentId> department;
  std::optional<HostId> host;
};

Belonging require_place(const Work& work, const GrantPlace& place) {
  Belonging found{place.site, place.department, place.host};
  if (place.site) store::Sites{work.tx, work.scope}.get(*place.site);
  if (place.host) found.department = store::Hosts{work.tx, work.scope}.get(*place.host).department;
  if (found.department) found.site = store::Departments{work.tx, work.scope}.get(*found.department).site;
  require_scope(work, found.site.value_or(SiteId{}), found.department, found.host);
  return found;
}

/// Nobody gives away more than he has: otherwise the right to give roles would be all rights.
void require_held(const domain::Principal* giver, const std::vector<Permission>& permissions, const Belonging& place) {
  if (giver == nullptr) return;
  for (const auto one : permissions) {
    const auto held = giver->scope_for(one);
    if (held && (place.site ? held->holds(place.site, place.department, place.host) : held->is_everything())) continue;
    throw Error(Errc::denied,
                fmt::format("{} may not give away {}, which {} does not have {}", giver->login(), domain::name(one),
                            giver->login(), place.site ? "there" : "on everything"),
                "Somebody who has it can give it, and so can 'visitorctl' on the machine of visitord.");
  }
}

std::string_view place_kind(const domain::Grant& grant) {
  return grant.site ? "site" : grant.department ? "department" : grant.host ? "host" : "everything";
}

bool is_at(const domain::Grant& grant, const GrantPlace& place) {
  return grant.site == place.site && grant.department == place.department && grant.host == place.host;
}

std::optional<domain::Grant> find_grant(const Work& work, AccountId account, RoleId role, const GrantPlace& place) {
  for (auto& grant : store::Roles{work.tx}.grants({account, role}, work.now))
    if (is_at(grant, place)) return std::move(grant);
  return std::nullopt;
}

std::string grant_details(const domain::Grant& grant, bool given) {
  Details details;
  details.add(given ? "granted" : "revoked", std::string_view{grant.role_name})
      .add("account", grant.account)
      .add("login", std::string_view{grant.login})
      .add("on", place_kind(grant));
  if (!grant.place.empty()) details.add("place", std::string_view{grant.place});
  return details.json();
}

}  // namespace

domain::Role create_role(const Work& work, const NewRole& given, const domain::Principal* giver) {
  require_scope(work, SiteId{});
  domain::Role role;
  role.name = checked_role_name(given.name);
  role.description = checked_text("the description", given.description, 0, kDescription);
  role.requires_second_factor = given.requires_second_factor;
  role.permissions = checked_permissions(given.permissions);
  if (role.permissions.empty())
    throw Error(Errc::usage, "a role without a permission allows nothing",
                "Give --allow; 'visitorctl role permissions' lists what there is.");
  require_held(giver, role.permissions, {});
  const auto id = store::Roles{work.tx}.add(role, work.now);
  if (!id) refuse_taken("role", role.name);
  role.id = *id;
  record(work, kRoleTopic, domain::AuditAction::create, role.id, 1,
         Details{}
             .add("name", role.name)
             .add("permissions", in_words(role.permissions))
             .add("second_factor", role.requires_second_factor)
             .json());
  return role;
}

std::vector<domain::Role> list_roles(const Work& work) {
  return store::Roles{work.tx}.list();
}

domain::Role resolve_role(const Work& work, std::string_view given) {
  store::Roles roles{work.tx};
  const auto name = trim(given);
  if (auto role = roles.find_by_name(name)) return *std::move(role);
  std::vector<std::string> names;
  for (const auto& role : roles.list()) names.push_back(role.name);
  throw Error(Errc::not_found, fmt::format("there is no role '{}'", name),
              near_hint(name, names, "Run 'visitorctl role list' to see them."));
}

domain::Role edit_role(const Work& work, std::string_view name, const RoleEdit& wanted, std::optional<int> seen,
                       const domain::Principal* giver) {
  require_scope(work, SiteId{});
  store::Roles roles{work.tx};
  auto role = resolve_role(work, name);
  require_version(work, kRoleTopic, role.id.value, role.version, seen);
  const auto before = role;
  auto permissions = role.permissions;
  std::vector<Permission> besides;
  const auto forbidden = checked_permissions(wanted.forbid);
  const auto allowed = checked_permissions(wanted.allow);
  for (const auto one : allowed) {
    if (std::find(forbidden.begin(), forbidden.end(), one) != forbidden.end())
      throw Error(Errc::usage, fmt::format("'{}' cannot be both allowed and forbidden", domain::name(one)),
                  "Name it once.");
    if (std::find(permissions.begin(), permissions.end(), one) != permissions.end()) continue;
    permissions.push_back(one);
    besides.push_back(one);
  }
  require_held(giver, besides, {});
  std::erase_if(permissions,
                [&](Permission one) { return std::find(forbidden.begin(), forbidden.end(), one) != forbidden.end(); });
  std::sort(permissions.begin(), permissions.end());

  Edit edit;
  edit.set("name", role.name, wanted.name ? std::optional{checked_role_name(*wanted.name)} : std::nullopt);
  edit.set("description", role.description,
           wanted.description ? std::optional{checked_text("the description", *wanted.description, 0, kDescription)}
                              : std::nullopt);
  if (wanted.requires_second_factor && *wanted.requires_second_factor != role.requires_second_factor) {
    role.requires_second_factor = *wanted.requires_second_factor;
    edit.note("second_factor", role.requires_second_factor ? "false" : "true",
              role.requires_second_factor ? "true" : "false");
  }
  if (permissions != role.permissions) {
    edit.note("permissions", in_words(role.permissions), in_words(permissions));
    role.permissions = permissions;
  }
  if (edit.empty()) return role;
  if (before.name == domain::kAdministrator &&
      (role.name != before.name || !role.requires_second_factor || role.permissions.size() < before.permissions.size()))
    throw Error(Errc::conflict, "the administrator's role keeps its name, all permissions and its second factor",
                "Create another role for who shall do less.");
  if (role.permissions.empty()) throw Error(Errc::usage, "a role without a permission allows nothing", "Leave it one.");
  if (role.name != before.name && roles.find_by_name(role.name)) refuse_taken("role", role.name);
  if (!roles.update(role)) lost_race(work, kRoleTopic, role.id.value, role.version);
  record(work, kRoleTopic, domain::AuditAction::permission_change, role.id, role.version + 1,
         edit.json(role.version + 1));
  ++role.version;
  return role;
}

std::vector<domain::Grant> list_grants(const Work& work, const GrantFilter& filter) {
  require_scope(work, SiteId{});
  return store::Roles{work.tx}.grants(filter, work.now);
}

domain::Grant grant_role(const Work& work, const domain::Account& account, const domain::Role& role,
                         const GrantPlace& place, const domain::Principal* giver) {
  const auto belonging = require_place(work, place);
  if (account.system)
    throw Error(Errc::conflict, fmt::format("'{}' is the daemon's own account and needs no role", account.login),
                "Name the login of a person.");
  if (account.disabled_at)
    throw Error(Errc::conflict, fmt::format("'{}' is disabled", account.login),
                fmt::format("Run 'visitorctl user enable {}' first.", account.login));
  require_held(giver, role.permissions, belonging);
  if (!store::Roles{work.tx}.grant(account.id, role.id, place, work.actor.account, work.now))
    throw Error(Errc::conflict, fmt::format("'{}' has the role {} there already", account.login, role.name),
                fmt::format("Run 'visitorctl user show {}' to see its roles.", account.login));
  auto grant = find_grant(work, account.id, role.id, place).value();
  record(work, kGrantTopic, domain::AuditAction::permission_change, grant.id, 1, grant_details(grant, true));
  return grant;
}

domain::Grant revoke_role(const Work& work, const domain::Account& account, const domain::Role& role,
                          const GrantPlace& place) {
  require_place(work, place);
  store::Roles roles{work.tx};
  const bool everywhere = !place.site && !place.department && !place.host;
  if (role.name == domain::kAdministrator && everywhere) {
    const auto holders = roles.lock_holders(role.name);
    if (holders.size() == 1 && holders.front() == account.id)
      throw Error(Errc::conflict, fmt::format("'{}' is the last administrator", account.login),
                  "Run 'visitorctl role grant USER administrator' for somebody else first.");
  }
  const auto grant = find_grant(work, account.id, role.id, place);
  if (!grant) {
    std::vector<std::string> others;
    for (const auto& other : roles.grants({account.id, role.id}, work.now))
      others.push_back(other.place.empty() ? "everything" : fmt::format("{} {}", place_kind(other), other.place));
    throw Error(Errc::not_found, fmt::format("'{}' does not have the role {} there", account.login, role.name),
                others.empty() ? fmt::format("Run 'visitorctl user show {}' to see its roles.", account.login)
                               : fmt::format("It has it on {}.", fmt::join(others, ", ")));
  }
  roles.revoke(account.id, role.id, place);
  record(work, kGrantTopic, domain::AuditAction::permission_change, grant->id, 2, grant_details(*grant, false));
  return *grant;
}

GroupListed add_group(const Work& work, const std::string& name, const std::string& description) {
  require_scope(work, SiteId{});
  domain::Group group;
  group.name = checked_text("the name of a group", name, 1, kGroupName);
  group.description = checked_text("the description", description, 0, kDescription);
  const auto id = store::AccountGroups{work.tx}.add(group, work.now);
  if (!id) refuse_taken("group", group.name);
  record(work, kGroupTopic, domain::AuditAction::create, *id, 1, Details{}.add("name", group.name).json());
  return resolve_group(work, group.name);
}

std::vector<GroupListed> list_groups(const Work& work) {
  require_scope(work, SiteId{});
  return store::AccountGroups{work.tx}.list();
}

GroupListed resolve_group(const Work& work, std::string_view given) {
  require_scope(work, SiteId{});
  store::AccountGroups groups{work.tx};
  const auto name = trim(given);
  if (auto group = groups.find_by_name(name)) return *std::move(group);
  std::vector<std::string> names;
  for (const auto& listed : groups.list()) names.push_back(listed.group.name);
  throw Error(Errc::not_found, fmt::format("there is no group '{}'", name), near_hint(name, names, kGroupHint));
}

GroupListed edit_group(const Work& work, std::string_view ref, const std::optional<std::string>& name,
                       const std::optional<std::string>& description, std::optional<int> seen) {
  auto listed = resolve_group(work, ref);
  auto& group = listed.group;
  require_version(work, kGroupTopic, group.id.value, group.version, seen);
  Edit edit;
  edit.set("name", group.name,
           name ? std::optional{checked_text("the name of a group", *name, 1, kGroupName)} : std::nullopt);
  edit.set("description", group.description,
           description ? std::optional{checked_text("the description", *description, 0, kDescription)} : std::nullopt);
  if (edit.empty()) return listed;
  store::AccountGroups groups{work.tx};
  if (const auto other = groups.find_by_name(group.name); other && other->group.id != group.id)
    refuse_taken("group", other->group.name);
  if (!groups.update(group)) lost_race(work, kGroupTopic, group.id.value, group.version);
  record_edit(work, kGroupTopic, group.id.value, ++group.version, edit);
  return listed;
}

GroupListed get_group(const Work& work, GroupId id) {
  require_scope(work, SiteId{});
  if (auto group = store::AccountGroups{work.tx}.find(id)) return *std::move(group);
  throw Error(Errc::not_found, fmt::format("group {} does not exist", id), kGroupHint);
}

void remove_group(const Work& work, GroupId id) {
  const auto group = get_group(work, id).group;
  store::AccountGroups{work.tx}.remove(id);
  record(work, kGroupTopic, domain::AuditAction::remove, group.id, group.version + 1,
         Details{}.add("name", group.name).json());
}

std::vector<std::string> groups_of(const Work& work, AccountId account) {
  require_scope(work, SiteId{});
  return store::AccountGroups{work.tx}.names_of(account);
}

GroupListed add_member(const Work& work, std::string_view ref, const domain::Account& account) {
  const auto group = resolve_group(work, ref).group;
  if (!store::AccountGroups{work.tx}.add_member(group.id, account.id))
    throw Error(Errc::conflict, fmt::format("'{}' is in the group '{}' already", account.login, group.name),
                "Nothing is to be done.");
  record(work, kGroupTopic, domain::AuditAction::update, group.id, group.version,
         Details{}.add("added", account.login).json());
  return resolve_group(work, group.name);
}

GroupListed remove_member(const Work& work, std::string_view ref, const domain::Account& account) {
  const auto group = resolve_group(work, ref).group;
  if (!store::AccountGroups{work.tx}.remove_member(group.id, account.id))
    throw Error(Errc::not_found, fmt::format("'{}' is not in the group '{}'", account.login, group.name),
                fmt::format("Run 'visitorctl group show {}' to see who is.", group.name));
  record(work, kGroupTopic, domain::AuditAction::update, group.id, group.version,
         Details{}.add("removed", account.login).json());
  return resolve_group(work, group.name);
}

}  // namespace visitor::app
