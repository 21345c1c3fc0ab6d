#include "app/remote/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/remote/json_object.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "domain/language.hpp"

namespace visitor::app {
namespace {

domain::Account account_in(const JsonObject& json) {
  domain::Account account;
  account.id = json.id<AccountId>("id");
  account.login = json.text("login");
  account.name = json.text("name");
  account.company = json.text("company");
  account.department = json.text("department");
  account.position = json.text("position");
  account.email = json.text("email");
  account.phone = json.text("phone");
  account.language = json.named<domain::Language>("language");
  account.time_zone = json.text("time_zone");
  account.chat_id = json.text("chat_id");
  account.has_password = json.yes("has_password");
  account.password_changed_at = json.maybe_instant("password_changed_at");
  account.disabled_at = json.maybe_instant("disabled_at");
  account.created_at = json.instant("created_at");
  account.version = json.integer("version");
  account.roles = json.texts("roles");
  return account;
}

domain::Role role_in(const JsonObject& json) {
  domain::Role role;
  role.id = json.id<RoleId>("id");
  role.name = json.text("name");
  role.description = json.text("description");
  role.requires_second_factor = json.yes("requires_second_factor");
  role.permissions = json.all_named<domain::Permission>("permissions");
  role.version = json.integer("version");
  return role;
}

domain::Grant grant_in(const JsonObject& json) {
  domain::Grant grant;
  grant.id = json.id<GrantId>("id");
  grant.login = json.text("login");
  grant.role_name = json.text("role");
  grant.site = json.named_thing<SiteId>("site", grant.place);
  grant.department = json.named_thing<DepartmentId>("department", grant.place);
  grant.host = json.named_thing<HostId>("host", grant.place);
  grant.granted_at = json.instant("granted_at");
  return grant;
}

GroupListed group_in(const JsonObject& json) {
  GroupListed listed;
  listed.group.id = json.id<GroupId>("id");
  listed.group.name = json.text("name");
  listed.group.description = json.text("description");
  listed.group.version = json.integer("version");
  listed.members = json.texts("members");
  return listed;
}

domain::Session session_in(const JsonObject& json) {
  domain::Session session;
  session.id = json.id<domain::SessionId>("id");
  const auto account = json.object("account");
  session.account = account.id<AccountId>("id");
  session.login = account.text("login");
  session.second_factor = json.named<domain::SecondFactorKind>("second_factor");
  session.stepped_up_at = json.maybe_instant("stepped_up_at");
  session.created_at = json.instant("created_at");
  session.last_used_at = json.instant("last_used_at");
  // The earlier of the two is what there is to see.
  session.refresh_until = session.absolute_until = json.instant("ends_at");
  session.address = json.text("address");
  session.agent = json.text("agent");
  session.ended_at = json.maybe_instant("ended_at");
  session.ended_how = json.maybe_named<domain::SessionEnd>("ended_how");
  return session;
}

std::string group_path(const GroupListed& listed) {
  return fmt::format("/groups/{}/", listed.group.id);
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(key).begin_array();
  for (const auto& text : texts) json.value(std::string_view{text});
  json.end();
}

std::string grant_body(const domain::Role& role, const GrantPlace& place) {
  JsonWriter json;
  json.begin_object().member("role", std::string_view{role.name});
  if (place.site) json.member("site", *place.site);
  if (place.department) json.member("department", *place.department);
  if (place.host) json.member("host", *place.host);
  return json.end().take();
}

std::optional<domain::Grant> grant_at(std::vector<domain::Grant> grants, const domain::Role& role,
                                      const GrantPlace& place) {
  for (auto& grant : grants)
    if (grant.role_name == role.name && grant.site == place.site && grant.department == place.department &&
        grant.host == place.host)
      return std::move(grant);
  return std::nullopt;
}

GroupListed change_member(RemoteHouse& house, std::string_view group, const domain::Account& account,
                          std::string_view step) {
  JsonWriter json;
  json.begin_object().member("user", account.id);
  const auto path = group_path(resolve_group(house, group));
  const auto body = house.post(fmt::format("{}{}/", path, step), json.end().take());
  return group_in(JsonObject{body});
}

}  // namespace

std::vector<domain::Account> list_accounts(RemoteHouse& house, const UserFilter& filter) {
  Query query;
  query.add("search", filter.text);
  if (filter.disabled) query.add("disabled", std::string_view{*filter.disabled ? "true" : "false"});
  if (filter.role)
    for (const auto& role : list_roles(house))
      if (role.id == *filter.role) query.add("role", role.name);
  std::vector<domain::Account> accounts;
  for (const auto& row : house.list("/users/", query, static_cast<std::size_t>(filter.limit)))
    accounts.push_back(account_in(JsonObject{row}));
  return accounts;
}

std::vector<domain::Role> list_roles(RemoteHouse& house) {
  std::vector<domain::Role> roles;
  for (const auto& row : house.list("/roles/", {})) roles.push_back(role_in(JsonObject{row}));
  return roles;
}

domain::Role resolve_role(RemoteHouse& house, std::string_view ref) {
  for (auto& role : list_roles(house))
    if (equal_ignoring_case(role.name, trim(ref))) return std::move(role);
  throw Error(Errc::not_found, fmt::format("there is no role '{}'", trim(ref)),
              "Run 'visitorctl role list' to see them.");
}

domain::Account resolve_account(RemoteHouse& house, std::string_view given) {
  const auto ref = trim(given);
  if (const auto number = to_integer(ref); number && *number > 0) {
    const auto body = house.get(fmt::format("/users/{}/", *number));
    return account_in(JsonObject{body});
  }
  UserFilter filter;
  filter.text = ref;
  filter.limit = static_cast<int>(RemoteHouse::kAll);
  for (auto& account : list_accounts(house, filter))
    if (equal_ignoring_case(account.login, ref)) return std::move(account);
  throw Error(Errc::not_found, fmt::format("there is no account '{}'", ref), "Run 'visitorctl user list' to see them.");
}

domain::Role create_role(RemoteHouse& house, const NewRole& role) {
  JsonWriter json;
  json.begin_object().member("name", std::string_view{role.name});
  json.member("description", std::string_view{role.description});
  json.member("requires_second_factor", role.requires_second_factor);
  write_texts(json, "permissions", role.permissions);
  const auto body = house.post("/roles/", json.end().take());
  return role_in(JsonObject{body});
}

domain::Role edit_role(RemoteHouse& house, std::string_view name, const RoleEdit& wanted, std::optional<int> seen) {
  JsonWriter json;
  json.begin_object();
  if (wanted.name) json.member("name", std::string_view{*wanted.name});
  if (wanted.description) json.member("description", std::string_view{*wanted.description});
  if (wanted.requires_second_factor) json.member("requires_second_factor", *wanted.requires_second_factor);
  write_texts(json, "allow", wanted.allow);
  write_texts(json, "forbid", wanted.forbid);
  const auto body = house.patch(fmt::format("/roles/{}/", resolve_role(house, name).id), json.end().take(), seen);
  return role_in(JsonObject{body});
}

std::vector<domain::Grant> list_grants(RemoteHouse& house, const GrantFilter& filter) {
  std::vector<domain::Grant> grants;
  for (const auto& row : house.list("/grants/", Query{}.add("user", filter.account).add("role", filter.role)))
    grants.push_back(grant_in(JsonObject{row}));
  return grants;
}

domain::Grant grant_role(RemoteHouse& house, const domain::Account& account, const domain::Role& role,
                         const GrantPlace& place) {
  const auto body = house.post(fmt::format("/users/{}/grant/", account.id), grant_body(role, place));
  std::vector<domain::Grant> grants;
  for (const auto& one : JsonObject{body}.objects("grants")) grants.push_back(grant_in(one));
  if (auto grant = grant_at(std::move(grants), role, place)) return *std::move(grant);
  throw Error(Errc::failed, "the answer does not show the role that was given",
              "Run 'visitorctl user show' to see whether it was.");
}

domain::Grant revoke_role(RemoteHouse& house, const domain::Account& account, const domain::Role& role,
                          const GrantPlace& place) {
  const auto grant = grant_at(list_grants(house, {account.id, role.id}), role, place);
  house.post(fmt::format("/users/{}/revoke/", account.id), grant_body(role, place));
  if (grant) return *grant;
  throw Error(Errc::conflict, "somebody gave that role at the same moment", "Run 'visitorctl user show' to see it.");
}

std::vector<GroupListed> list_groups(RemoteHouse& house) {
  std::vector<GroupListed> groups;
  for (const auto& row : house.list("/groups/", {})) groups.push_back(group_in(JsonObject{row}));
  return groups;
}

GroupListed resolve_group(RemoteHouse& house, std::string_view name) {
  for (auto& listed : list_groups(house))
    if (equal_ignoring_case(listed.group.name, trim(name))) return std::move(listed);
  throw Error(Errc::not_found, fmt::format("there is no group '{}'", trim(name)),
              "Run 'visitorctl group list' to see them.");
}

GroupListed add_group(RemoteHouse& house, const std::string& name, const std::string& description) {
  JsonWriter json;
  json.begin_object().member("name", std::string_view{name}).member("description", std::string_view{description});
  const auto body = house.post("/groups/", json.end().take());
  return group_in(JsonObject{body});
}

GroupListed edit_group(RemoteHouse& house, std::string_view group, const std::optional<std::string>& name,
                       const std::optional<std::string>& description, std::optional<int> seen) {
  JsonWriter json;
  json.begin_object();
  if (name) json.member("name", std::string_view{*name});
  if (description) json.member("description", std::string_view{*description});
  const auto body = house.patch(group_path(resolve_group(house, group)), json.end().take(), seen);
  return group_in(JsonObject{body});
}

GroupListed add_member(RemoteHouse& house, std::string_view group, const domain::Account& account) {
  return change_member(house, group, account, "add-member");
}

GroupListed remove_member(RemoteHouse& house, std::string_view group, const domain::Account& account) {
  return change_member(house, group, account, "remove-member");
}

std::vector<domain::Session> list_sessions(RemoteHouse& house, const std::optional<std::string>& login, bool all,
                                           int limit) {
  std::vector<domain::Session> sessions;
  const auto query = Query{}.add("login", login.value_or("")).add_flag("all", all);
  for (const auto& row : house.list("/sessions/", query, static_cast<std::size_t>(limit)))
    sessions.push_back(session_in(JsonObject{row}));
  return sessions;
}

std::vector<domain::Session> revoke_sessions(RemoteHouse& house, std::string_view login,
                                             std::optional<domain::SessionId> only) {
  JsonWriter json;
  json.begin_object().member("login", login);
  if (only) json.member("session", *only);
  const auto body = house.post("/sessions/revoke/", json.end().take());
  std::vector<domain::Session> ended;
  for (const auto& one : JsonObject{body}.objects("sessions")) ended.push_back(session_in(one));
  return ended;
}

void show_code(RemoteHouse& house, const Secret& code) {
  JsonWriter json;
  json.begin_object().member("code", code.reveal());
  house.post("/sessions/step-up/", json.end().take());
}

}  // namespace visitor::app
