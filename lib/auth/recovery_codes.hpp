#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.hpp"
#include "core/vault.hpp"
#include "db/transaction.hpp"

namespace visitor::auth {

inline constexpr std::size_t kRecoveryCodes = 10;

/// 80 random bits as "ABCD-EFGH-IJKL-MNOP".
Secret new_recovery_code();
/// What people make of it when they type: without dashes and blanks, in upper case; nothing where it cannot be one.
std::optional<Secret> read_recovery_code(std::string_view typed);

/// For whoever has lost the authenticator. Each is taken once.
class RecoveryCodes {
 public:
  RecoveryCodes(db::Transaction& tx, const Vault& vault) : tx_(tx), vault_(vault) {}

  /// Ten new ones, which is the only time that they are seen. Older ones are gone.
  std::vector<Secret> renew(AccountId account, Instant now);
  /// Whether \p typed is one that was not used, and uses it: one conditional update, as of TotpDevices::spend.
  bool spend(AccountId account, std::string_view typed, Instant now);
  int left(AccountId account);
  /// All of them.
  void remove(AccountId account);

 private:
  std::vector<std::byte> hash_of(AccountId account, const Secret& code) const;

  db::Transaction& tx_;
  const Vault& vault_;
};

}  // namespace visitor::auth
