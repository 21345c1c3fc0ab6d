#pragma once

#include <string>
#include <vector>

#include "app/json_accounts.hpp"
#include "cli/views.hpp"

/// How accounts, roles and groups look.
namespace visitor::cli {

inline constexpr auto kUserHelp = "Login or number";

using app::AccountShown;
using app::RoleShown;

void write(JsonWriter& json, domain::Permission permission);

Table account_table(const std::vector<domain::Account>& rows);
Table role_table(const std::vector<domain::Role>& rows);
Table permission_table(const std::vector<domain::Permission>& rows);
Table group_table(const std::vector<app::GroupListed>& rows);

Card card_of(const AccountShown& shown, const std::string& time_zone);
Card card_of(const RoleShown& shown);
Card card_of(const app::GroupListed& listed);

/// "everything" or "site Head office".
std::string place_text(const domain::Grant& grant);

}  // namespace visitor::cli
