#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "app/details.hpp"
#include "core/secret.hpp"
#include "core/vault.hpp"
#include "db/transaction.hpp"
#include "domain/audit.hpp"
#include "domain/session.hpp"

namespace visitor::app {

/// What became of a code that somebody has shown.
struct CodeCheck {
  std::optional<domain::SecondFactorKind> shown;    ///< it was right, and is spent now
  std::optional<std::chrono::seconds> retry_after;  ///< too many were wrong: this one was not looked at
};

/// Looks at a code of \p account, of its authenticator or a recovery code. Each costs a try of the account's budget,
/// which a right one gives back. What was refused is in the audit; to be committed whatever came out.
///
/// \param actor    who shows it
/// \param details  for what, and with what program
/// \param where    that it comes from
CodeCheck check_code(db::Transaction& tx, const Vault& vault, AccountId account, AccountId actor, const Secret& code,
                     const Details& details, Instant now, const domain::Origin& where = {});

/// A log-in, or a code, that was refused. \param account  nothing: there is no such login
void audit_refused_log_in(db::Transaction& tx, const std::optional<AccountId>& account, AccountId actor,
                          Details details, std::string_view reason, Instant now, const domain::Origin& where = {});

}  // namespace visitor::app
