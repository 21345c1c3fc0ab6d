#pragma once

#include <optional>

#include "db/transaction.hpp"
#include "domain/scope.hpp"

namespace visitor::auth {

/// What the account may do and where, from its roles and their grants.
///
/// An account without a role is a Principal without rights.
/// \returns nothing where there is no such account, it is disabled, or it is not a person's
std::optional<domain::Principal> find_principal(db::Transaction& tx, AccountId account);

}  // namespace visitor::auth
