#pragma once

#include <string_view>

#include "app/work.hpp"
#include "domain/routing.hpp"

/// Accounts as recipients of alerts. Routes and escalations name a group of them: "users:guards".
namespace visitor::app {

/// Whether \p name, as it stands in a route, means a group of users.
bool is_user_group(std::string_view name);

/// Whether \p name is what an account is called as a recipient: "user:anna".
bool is_account_recipient(const Work& work, std::string_view name);

/// \throws Error not_found  there is no group of that name; names a near one
void require_user_group(const Work& work, std::string_view name);

/// Puts who is in them into the place of the groups of users that routes and steps of \p routing name, as recipients
/// "user:anna" with the account's language, time zone, chat and e-mail, on the channels that are set up. Disabled
/// accounts are left out. A group in which nobody can be reached stays where it is named, as a recipient without
/// places.
void add_accounts(const Work& work, domain::Routing& routing);

}  // namespace visitor::app
