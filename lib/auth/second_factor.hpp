#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/vault.hpp"
#include "db/transaction.hpp"
#include "domain/session.hpp"

namespace visitor::auth {

/// One way of showing, besides the password, that it is really you.
class SecondFactor {
 public:
  virtual ~SecondFactor() = default;
  virtual domain::SecondFactorKind kind() const = 0;
  /// Whether \p answer is right and was never given before, and uses it up. Part of the transaction: what it lets
  /// somebody do is written in the same one.
  virtual bool spend(AccountId account, std::string_view answer, Instant now) = 0;
};

/// Whether the account has set one up that counts, so that it is asked for. Recovery codes alone are not.
bool has_second_factor(db::Transaction& tx, AccountId account);

/// All there are, in the order of trying.
class SecondFactors {
 public:
  SecondFactors(db::Transaction& tx, const Vault& vault);
  ~SecondFactors();

  /// Which one took \p answer; nothing: it is wrong, or was used before.
  std::optional<domain::SecondFactorKind> spend(AccountId account, std::string_view answer, Instant now);

 private:
  std::vector<std::unique_ptr<SecondFactor>> all_;
};

}  // namespace visitor::auth
