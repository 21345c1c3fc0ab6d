#include "app/roles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/accounts.hpp"
#include "app/json_accounts.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;

Answer list_roles(const Call& call) {
  return page_of(call, app::list_roles(call.work));
}

domain::Role role_of(const Call& call) {
  auto roles = app::list_roles(call.work);
  const auto found = std::ranges::find(roles, call.id<RoleTag>(), &domain::Role::id);
  if (found == roles.end()) throw Error(Errc::not_found, fmt::format("there is no role {}", call.id<RoleTag>()));
  return std::move(*found);
}

Answer answer_role(const Call& call, const domain::Role& role, int status = 200) {
  auto answer = one(call, role, role.version);
  answer.status = status;
  if (status == 201) answer.headers.emplace_back("Location", fmt::format("/api/v1/roles/{}/", role.id));
  return answer;
}

Answer get_role(const Call& call) {
  return answer_role(call, role_of(call));
}

Answer create_role(const Call& call) {
  const auto& body = call.body;
  app::NewRole role;
  role.name = body.text_or("name");
  role.description = body.text_or("description");
  role.requires_second_factor = body.yes("requires_second_factor");
  role.permissions = body.texts("permissions");
  return answer_role(call, app::create_role(call.work, role, &call.caller.principal), 201);
}

Answer edit_role(const Call& call) {
  const auto& body = call.body;
  app::RoleEdit edit;
  edit.name = body.text("name");
  edit.description = body.text("description");
  if (body.has("requires_second_factor")) edit.requires_second_factor = body.yes("requires_second_factor");
  edit.allow = body.texts("allow");
  edit.forbid = body.texts("forbid");
  return answer_role(call, app::edit_role(call.work, role_of(call).name, edit, call.seen, &call.caller.principal));
}

Answer list_grants(const Call& call) {
  app::GrantFilter filter;
  filter.account = call.query.id<AccountTag>("user");
  filter.role = call.query.id<RoleTag>("role");
  return page_of(call, app::list_grants(call.work, filter));
}

Answer list_groups(const Call& call) {
  return page_of(call, app::list_groups(call.work));
}

app::GroupListed group_of(const Call& call) {
  return app::get_group(call.work, call.id<GroupTag>());
}

Answer answer_group(const Call& call, const app::GroupListed& listed, int status = 200) {
  auto answer = one(call, listed, listed.group.version);
  answer.status = status;
  if (status == 201) answer.headers.emplace_back("Location", fmt::format("/api/v1/groups/{}/", listed.group.id));
  return answer;
}

Answer get_group(const Call& call) {
  return answer_group(call, group_of(call));
}

Answer create_group(const Call& call) {
  return answer_group(call, app::add_group(call.work, call.body.text_or("name"), call.body.text_or("description")),
                      201);
}

Answer edit_group(const Call& call) {
  return answer_group(call, app::edit_group(call.work, group_of(call).group.name, call.body.text("name"),
                                            call.body.text("description"), call.seen));
}

Answer remove_group(const Call& call) {
  const auto group = group_of(call);
  app::remove_group(call.work, group.group.id);
  return answer_group(call, group);
}

/// \param change  app::add_member or app::remove_member
Answer change_members(const Call& call, decltype(&app::add_member) change) {
  const auto account = app::resolve_account(call.work, fmt::format("{}", *call.body.id<AccountTag>("user")));
  return answer_group(call, change(call.work, group_of(call).group.name, account));
}

Route group_step(std::string word, std::string name, std::string summary, Handler run) {
  Route route;
  route.method = "POST";
  route.path = "/groups/{id}/" + word + "/";
  route.name = std::move(name);
  route.summary = std::move(summary);
  route.command = "visitorctl group member " + word.substr(0, word.find('-'));
  route.permission = Permission::account_edit;
  route.everywhere = true;
  route.body = {required(id("user", "Number of the account"))};
  route.answer = "Group";
  route.if_match = IfMatch::may;
  route.conflicts = true;
  route.current = get_group;
  route.run = std::move(run);
  return route;
}

void add_role_routes(Table& table) {
  table.add({"Role",
             {id("id", "Number"), text("name", "Name"), or_null(text("description", "What it is for")),
              yes_or_no("requires_second_factor", "Whoever has it needs a second factor"),
              many(named<Permission>("permissions", "What it allows")), number("version", "Counts changes", 1)}});
  table.add({.path = "/roles/",
             .name = "list_roles",
             .summary = "Roles, by name, and what they allow",
             .command = "visitorctl role list",
             .permission = Permission::role_view,
             .everywhere = true,
             .answer = "Role",
             .paging = Paging::pages,
             .run = list_roles});
  table.add({.path = "/roles/{id}/",
             .name = "get_role",
             .summary = "A role, and what it allows",
             .command = "visitorctl role show",
             .permission = Permission::role_view,
             .everywhere = true,
             .answer = "Role",
             .run = get_role});
  const auto factor = yes_or_no("requires_second_factor", "Without a second factor whoever has it can only set one up");
  table.add({.method = "POST",
             .path = "/roles/",
             .name = "create_role",
             .summary = "Make a role of permissions that the caller has on everything",
             .command = "visitorctl role create",
             .permission = Permission::role_edit,
             .everywhere = true,
             .body = {required(text("name", "Small letters, digits, '-' and '_', with a letter first", 63, 1)),
                      text("description", "What it is for", 200), factor,
                      required(many(named<Permission>("permissions", "What it allows: at least one")))},
             .answer = "Role",
             .conflicts = true,
             .status = 201,
             .run = create_role});
  table.add({.method = "PATCH",
             .path = "/roles/{id}/",
             .name = "edit_role",
             .summary = "Change a role, for everybody who has it; what is not given stays. The administrator's keeps "
                        "its name, its permissions and its second factor",
             .command = "visitorctl role edit",
             .permission = Permission::role_edit,
             .everywhere = true,
             .body = {text("name", "Small letters, digits, '-' and '_', with a letter first", 63, 1),
                      text("description", "What it is for", 200), factor,
                      many(named<Permission>("allow", "What it allows besides: no more than the caller may himself")),
                      many(named<Permission>("forbid", "What it allows no longer"))},
             .answer = "Role",
             .if_match = IfMatch::must,
             .conflicts = true,
             .current = get_role,
             .run = edit_role});
  table.add({.path = "/grants/",
             .name = "list_grants",
             .summary = "Who has which role, and where; by login, then role",
             .command = "visitorctl role show",
             .permission = Permission::role_view,
             .everywhere = true,
             .query = {id("user", "Of this account"), id("role", "Of this role")},
             .answer = "Grant",
             .paging = Paging::pages,
             .run = list_grants});
}

void add_group_routes(Table& table) {
  table.add({"Group",
             {id("id", "Number"), text("name", "Name"), or_null(text("description", "What it is for")),
              many(text("members", "Logins, in order")), number("version", "Counts changes", 1)}});
  table.add({.path = "/groups/",
             .name = "list_groups",
             .summary = "Groups of users for routes of alerts to name, by name, and who is in them",
             .command = "visitorctl group list",
             .permission = Permission::account_view,
             .everywhere = true,
             .answer = "Group",
             .paging = Paging::pages,
             .run = list_groups});
  table.add({.path = "/groups/{id}/",
             .name = "get_group",
             .summary = "A group of users, and who is in it",
             .command = "visitorctl group show",
             .permission = Permission::account_view,
             .everywhere = true,
             .answer = "Group",
             .run = get_group});
  table.add({.method = "POST",
             .path = "/groups/",
             .name = "create_group",
             .summary = "Add a group of users",
             .command = "visitorctl group add",
             .permission = Permission::account_edit,
             .everywhere = true,
             .body = {required(text("name", "Name, unique", 100, 1)), text("description", "What it is for", 200)},
             .answer = "Group",
             .conflicts = true,
             .status = 201,
             .run = create_group});
  table.add({.method = "PATCH",
             .path = "/groups/{id}/",
             .name = "edit_group",
             .summary = "Change a group's name or description; what is not given stays",
             .command = "visitorctl group edit",
             .permission = Permission::account_edit,
             .everywhere = true,
             .body = {text("name", "Name, unique", 100, 1), text("description", "What it is for", 200)},
             .answer = "Group",
             .if_match = IfMatch::must,
             .conflicts = true,
             .current = get_group,
             .run = edit_group});
  table.add({.method = "DELETE",
             .path = "/groups/{id}/",
             .name = "remove_group",
             .summary = "Remove a group; its users stay, and a route of alerts that names it tells nobody by it then",
             .command = "visitorctl group remove",
             .permission = Permission::account_edit,
             .everywhere = true,
             .answer = "Group",
             .if_match = IfMatch::may,
             .current = get_group,
             .run = remove_group});
  table.add(group_step("add-member", "add_group_member", "Take a user into a group",
                       [](const Call& call) { return change_members(call, &app::add_member); }));
  table.add(group_step("remove-member", "remove_group_member", "Take a user out of a group",
                       [](const Call& call) { return change_members(call, &app::remove_member); }));
}

}  // namespace

void add_roles(Table& table) {
  add_role_routes(table);
  add_group_routes(table);
}

}  // namespace visitor::api
