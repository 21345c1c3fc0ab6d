#include "cli/views_accounts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "domain/language.hpp"

namespace visitor::cli {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

void write(JsonWriter& json, domain::Permission permission) {
  json.begin_object().member("name", domain::name(permission));
  json.member("allows", domain::label(permission, domain::Language::english)).end();
}

Table account_table(const std::vector<domain::Account>& rows) {
  Table table{{{"ID", Column::Align::right},
               {"Login"},
               {"Name", {}, Column::Fit::give},
               {"Roles", {}, Column::Fit::give},
               {"Company", {}, Column::Fit::give},
               {"Department", {}, Column::Fit::give},
               {"E-mail", {}, Column::Fit::give},
               {"State", {}, Column::Fit::give}}};
  for (const auto& account : rows)
    table.add({account.id,
               account.login,
               account.name,
               joined(account.roles),
               account.company,
               account.department,
               account.email,
               {account.disabled_at ? "disabled" : "", Tone::bad}});
  return table;
}

Table role_table(const std::vector<domain::Role>& rows) {
  Table table{{{"Name"},
               {"Description", {}, Column::Fit::give},
               {"Permissions", Column::Align::right},
               {"Second factor", {}, Column::Fit::give}}};
  for (const auto& role : rows)
    table.add({role.name, role.description, fmt::to_string(role.permissions.size()),
               role.requires_second_factor ? "required" : ""});
  return table;
}

Table permission_table(const std::vector<domain::Permission>& rows) {
  Table table{{{"Permission"}, {"Allows", {}, Column::Fit::give}}};
  for (const auto permission : rows)
    table.add(
        {std::string{domain::name(permission)}, std::string{domain::label(permission, domain::Language::english)}});
  return table;
}

Table group_table(const std::vector<app::GroupListed>& rows) {
  Table table{{{"Name"}, {"Description", {}, Column::Fit::give}, {"Members", {}, Column::Fit::give}}};
  for (const auto& listed : rows) table.add({listed.group.name, listed.group.description, joined(listed.members)});
  return table;
}

Card card_of(const AccountShown& shown, const std::string& time_zone) {
  const auto& account = shown.account;
  Card card;
  card.add("User", account.id);
  card.add("Login", account.login);
  card.add("Name", account.name);
  card.add("Company", account.company);
  card.add("Department", account.department);
  card.add("Position", account.position);
  card.add("E-mail", account.email);
  card.add("Phone", account.phone);
  card.add("Language", std::string{domain::label(account.language, domain::Language::english)});
  card.add("Time zone", account.time_zone);
  card.add("Chat", account.chat_id);
  card.add("Password set", time_cell(account.password_changed_at, time_zone));
  auto disabled = time_cell(account.disabled_at, time_zone);
  disabled.tone = Tone::bad;
  card.add("Disabled", disabled);
  std::vector<std::string> roles;
  for (const auto& grant : shown.grants) roles.push_back(fmt::format("{} on {}", grant.role_name, place_text(grant)));
  card.add("Roles", joined(roles));
  card.add("Groups", joined(shown.groups));
  card.add("Added", time_cell(account.created_at, time_zone));
  card.add("Version", fmt::to_string(account.version));
  return card;
}

Card card_of(const RoleShown& shown) {
  const auto& role = shown.role;
  Card card;
  card.add("Role", role.name);
  card.add("Description", role.description);
  card.add("Second factor", role.requires_second_factor ? "required" : "");
  std::vector<std::string> permissions;
  for (const auto permission : role.permissions) permissions.emplace_back(domain::name(permission));
  card.add("Permissions", joined(permissions));
  std::vector<std::string> holders;
  for (const auto& grant : shown.grants) holders.push_back(fmt::format("{} on {}", grant.login, place_text(grant)));
  card.add("Granted to", joined(holders));
  card.add("Version", fmt::to_string(role.version));
  return card;
}

Card card_of(const app::GroupListed& listed) {
  Card card;
  card.add("Group", listed.group.name);
  card.add("Description", listed.group.description);
  card.add("Members", joined(listed.members));
  card.add("Version", fmt::to_string(listed.group.version));
  return card;
}

std::string place_text(const domain::Grant& grant) {
  if (grant.site) return "site " + grant.place;
  if (grant.department) return "department " + grant.place;
  if (grant.host) return "host " + grant.place;
  return "everything";
}

}  // namespace visitor::cli
