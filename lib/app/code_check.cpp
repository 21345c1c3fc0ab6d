#include "app/code_check.hpp"

#include "auth/log_in_budget.hpp"
#include "auth/second_factor.hpp"
#include "store/journal.hpp"

namespace visitor::app {

CodeCheck check_code(db::Transaction& tx, const Vault& vault, AccountId account, AccountId actor, const Secret& code,
                     const Details& details, Instant now, const domain::Origin& where) {
  auth::LogInBudget budget{tx, vault};
  if (const auto refusal = budget.take_code(account, now)) {
    if (refusal->first) audit_refused_log_in(tx, account, actor, details, "too many codes", now, where);
    return {{}, refusal->wait};
  }
  const auto kind = auth::SecondFactors{tx, vault}.spend(account, code.reveal(), now);
  if (kind)
    budget.give_back_code(account);
  else
    audit_refused_log_in(tx, account, actor, details, "code", now, where);
  return {kind, {}};
}

void audit_refused_log_in(db::Transaction& tx, const std::optional<AccountId>& account, AccountId actor,
                          Details details, std::string_view reason, Instant now, const domain::Origin& where) {
  store::Journal{tx, actor, now, where}.audit(domain::AuditAction::login_failed, "account",
                                              account.value_or(AccountId{}), details.add("reason", reason).json());
}

}  // namespace visitor::app
