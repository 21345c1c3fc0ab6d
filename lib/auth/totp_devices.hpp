#pragma once

#include <optional>

#include "auth/totp.hpp"
#include "core/vault.hpp"
#include "db/transaction.hpp"
#include "domain/session.hpp"

namespace visitor::auth {

/// What audit rows about authenticators speak of; the entity is the account.
inline constexpr std::string_view kTotpTopic = "totp";

/// The authenticators of accounts: one that counts, and perhaps one that waits for its first code.
class TotpDevices {
 public:
  TotpDevices(db::Transaction& tx, const Vault& vault) : tx_(tx), vault_(vault) {}

  struct Enrolment {
    domain::TotpDevice device;
    Secret key;
  };
  /// A new one with a new key, which waits for its first code. One that waited is gone; one that counts goes on
  /// counting.
  Enrolment enrol(AccountId account, const TotpParameters& parameters, Instant now);
  /// The one that waits counts from now on instead of any other, if \p code is one of its codes.
  std::optional<domain::TotpDevice> confirm(AccountId account, std::string_view code, Instant now);

  /// The one that counts.
  std::optional<domain::TotpDevice> find(AccountId account);
  /// The one that waits.
  std::optional<domain::TotpDevice> find_pending(AccountId account);

  /// Whether \p code is one that was not spent, and spends it.
  ///
  /// The step is spent by one conditional update, so of any number of transactions with one code one gets through, and
  /// the others only after it has ended. Where a failover loses the update, it loses what else was written in the
  /// transaction with it: on every history that survives a code has let in at most one.
  bool spend(AccountId account, std::string_view code, Instant now);

  /// How far ahead the clock is that showed \p code (totp_drift), of the one that counts or else waits. Spends nothing.
  std::optional<std::int64_t> drift(AccountId account, std::string_view code, Instant now, std::int64_t reach);

  /// Both. \returns whether there was one that counted
  bool remove(AccountId account);

 private:
  db::Transaction& tx_;
  const Vault& vault_;
};

/// The keys of all authenticators, sealed with another master key. Recovery codes are hashed with it, so they are gone.
/// \returns how many keys
int reseal_second_factors(db::Transaction& tx, const Vault& from, const Vault& to);

}  // namespace visitor::auth
