#include <fmt/format.h>

#include "app/accounts.hpp"
#include "app/json_accounts.hpp"
#include "app/roles.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"
#include "domain/language.hpp"

namespace visitor::api {
namespace {

using domain::Language;
using domain::Permission;

constexpr int kAll = 10'000;

std::vector<Field> account_fields() {
  return {id("id", "Number"),
          text("login", "Login"),
          or_null(text("name", "Name")),
          or_null(text("company", "Company")),
          or_null(text("department", "Department")),
          or_null(text("position", "Position")),
          or_null(text("email", "E-mail address")),
          or_null(text("phone", "Telephone number")),
          named<Language>("language", "Language"),
          or_null(text("time_zone", "IANA name; null: that of the site")),
          or_null(text("chat_id", "Telegram chat")),
          yes_or_no("has_password", "Can log in by password"),
          or_null(moment("password_changed_at", "When the password was set")),
          or_null(moment("disabled_at", "Cannot log in since then")),
          moment("created_at", "When it was made"),
          number("version", "Counts changes", 1),
          many(text("roles", "Names of the roles that it has anywhere"))};
}

std::vector<Field> person_fields() {
  return {text("name", "Name", 200),
          text("company", "Company", 200),
          text("department", "Department", 200),
          text("position", "Position", 200),
          text("email", "E-mail address", 254),
          text("phone", "Telephone number, international", 40),
          named<Language>("language", "Language"),
          text("time_zone", "IANA name; empty: that of the site", 64),
          text("chat_id", "Telegram chat", 64)};
}

domain::Account account_of(const Call& call) {
  return app::resolve_account(call.work, fmt::format("{}", call.id<AccountTag>()));
}

Answer answer_account(const Call& call, AccountId id, int status = 200) {
  const auto account = app::resolve_account(call.work, fmt::format("{}", id));
  const app::AccountShown shown{account, app::list_grants(call.work, {.account = id}), app::groups_of(call.work, id)};
  auto answer = one(call, shown, account.version);
  answer.status = status;
  if (status == 201) answer.headers.emplace_back("Location", fmt::format("/api/v1/users/{}/", id));
  return answer;
}

Answer get_account(const Call& call) {
  return answer_account(call, call.id<AccountTag>());
}

Answer list_accounts(const Call& call) {
  app::UserFilter filter;
  filter.text = call.query.text_or("search");
  if (call.query.has("disabled")) filter.disabled = call.query.yes("disabled");
  if (const auto role = call.query.text("role")) filter.role = app::resolve_role(call.work, *role).id;
  filter.limit = kAll;
  return page_of<domain::Account>(call, app::list_accounts(call.work, filter),
                                  {{"login", [](auto& a, auto& b) { return a.login < b.login; }},
                                   {"name", [](auto& a, auto& b) { return a.name < b.name; }},
                                   {"id", [](auto& a, auto& b) { return a.id < b.id; }}});
}

Answer add_account(const Call& call) {
  const auto& body = call.body;
  app::NewAccount account;
  account.login = body.text_or("login");
  account.name = body.text_or("name");
  account.company = body.text_or("company");
  account.department = body.text_or("department");
  account.position = body.text_or("position");
  account.email = body.text_or("email");
  account.phone = body.text_or("phone");
  account.language = body.named<Language>("language").value_or(Language::english);
  account.time_zone = body.text_or("time_zone");
  account.chat_id = body.text_or("chat_id");
  return answer_account(call, app::add_account(call.work, account).id, 201);
}

Answer edit_account(const Call& call) {
  const auto& body = call.body;
  app::AccountEdit edit;
  edit.login = body.text("login");
  edit.name = body.text("name");
  edit.company = body.text("company");
  edit.department = body.text("department");
  edit.position = body.text("position");
  edit.email = body.text("email");
  edit.phone = body.text("phone");
  edit.language = body.named<Language>("language");
  edit.time_zone = body.text("time_zone");
  edit.chat_id = body.text("chat_id");
  return answer_account(call, app::edit_account(call.work, account_of(call).id, edit, call.seen).id);
}

Answer disable(const Call& call) {
  return answer_account(call, app::disable_account(call.work, account_of(call).id).id);
}

Answer enable(const Call& call) {
  return answer_account(call, app::enable_account(call.work, account_of(call).id).id);
}

Answer unlock(const Call& call) {
  const auto account = account_of(call);
  app::unlock_account(call.work, call.vault, account.id);
  return answer_account(call, account.id);
}

app::GrantPlace place_of(const Call& call) {
  app::GrantPlace place;
  place.site = call.body.id<SiteTag>("site");
  place.department = call.body.id<DepartmentTag>("department");
  place.host = call.body.id<HostTag>("host");
  if (int{place.site.has_value()} + int{place.department.has_value()} + int{place.host.has_value()} > 1)
    throw Refusal(Problem::invalid_value, "a role is granted on one place, or on everything",
                  {{"", "/site", "stands beside another place"}});
  return place;
}

Answer grant(const Call& call) {
  const auto account = account_of(call);
  app::grant_role(call.work, account, app::resolve_role(call.work, call.body.text_or("role")), place_of(call),
                  &call.caller.principal);
  return answer_account(call, account.id);
}

Answer revoke(const Call& call) {
  const auto account = account_of(call);
  app::revoke_role(call.work, account, app::resolve_role(call.work, call.body.text_or("role")), place_of(call));
  return answer_account(call, account.id);
}

Route step(std::string word, std::string summary, std::string command, Permission permission, Handler run) {
  Route route;
  route.method = "POST";
  route.path = "/users/{id}/" + word + "/";
  route.name = word + "_user";
  for (auto& c : route.name)
    if (c == '-') c = '_';
  route.summary = std::move(summary);
  route.command = std::move(command);
  route.permission = permission;
  route.everywhere = true;
  route.answer = "User";
  route.if_match = IfMatch::may;
  route.conflicts = true;
  route.current = get_account;
  route.run = std::move(run);
  return route;
}

}  // namespace

void add_accounts(Table& table) {
  table.add({"UserListed", account_fields()});
  table.add(
      {"Grant",
       {id("id", "Number"), text("login", "Who has it"), text("role", "Role"),
        or_null(object("site", "On this site", "Named")), or_null(object("department", "On this department", "Named")),
        or_null(object("host", "On what belongs to this host", "Named")), moment("granted_at", "When it was given")}});
  auto user = account_fields();
  user.push_back(many(object("grants", "Roles, and where", "Grant")));
  user.push_back(many(text("groups", "Names of groups that it is in")));
  table.add({"User", std::move(user)});

  table.add(
      {.path = "/users/",
       .name = "list_users",
       .summary = "Accounts, by login",
       .command = "visitorctl user list",
       .permission = Permission::account_view,
       .everywhere = true,
       .query = {text("search", "Somewhere in login, name, company, department or e-mail address", 200),
                 yes_or_no("disabled", "Only those that are disabled, or are not"),
                 text("role", "Only who has this role, wherever", 64, 1), ordering({"login", "name", "id"}, "login")},
       .answer = "UserListed",
       .paging = Paging::pages,
       .run = list_accounts});
  table.add({.path = "/users/{id}/",
             .name = "get_user",
             .summary = "An account, its roles and groups",
             .command = "visitorctl user show",
             .permission = Permission::account_view,
             .everywhere = true,
             .answer = "User",
             .run = get_account});
  auto fields = person_fields();
  fields.insert(fields.begin(), required(text("login", "Login: 1 to 100 characters without blanks", 100, 1)));
  table.add({.method = "POST",
             .path = "/users/",
             .name = "create_user",
             .summary = "Add an account; 'visitorctl user passwd' gives it a password",
             .command = "visitorctl user add",
             .permission = Permission::account_edit,
             .everywhere = true,
             .body = std::move(fields),
             .answer = "User",
             .conflicts = true,
             .status = 201,
             .run = add_account});
  fields = person_fields();
  fields.insert(fields.begin(), text("login", "Login", 100, 1));
  table.add({.method = "PATCH",
             .path = "/users/{id}/",
             .name = "edit_user",
             .summary = "Change an account; what is not given stays",
             .command = "visitorctl user edit",
             .permission = Permission::account_edit,
             .everywhere = true,
             .body = std::move(fields),
             .answer = "User",
             .if_match = IfMatch::must,
             .conflicts = true,
             .current = get_account,
             .run = edit_account});
  table.add(step("disable", "Disable an account, and end its sessions", "visitorctl user disable",
                 Permission::account_edit, disable));
  table.add(step("enable", "Enable an account again", "visitorctl user enable", Permission::account_edit, enable));
  auto free = step("unlock", "Let an account log in again where too many tries have held it up",
                   "visitorctl user unlock", Permission::account_edit, unlock);
  free.fresh = true;
  table.add(std::move(free));
  const std::vector<Field> place{required(text("role", "Name of the role", 64, 1)), id("site", "On this site"),
                                 id("department", "On this department"), id("host", "On what belongs to this host")};
  auto give = step("grant", "Give a role, on everything or on one place", "visitorctl role grant",
                   Permission::role_grant, grant);
  give.name = "grant_role";
  give.fresh = true;
  give.body = place;
  table.add(std::move(give));
  auto take = step("revoke", "Take a role away", "visitorctl role revoke", Permission::role_grant, revoke);
  take.name = "revoke_role";
  take.fresh = true;
  take.body = place;
  table.add(std::move(take));
}

}  // namespace visitor::api
