#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/account.hpp"

namespace visitor::store {

struct GrantFilter {
  std::optional<AccountId> account{};
  std::optional<RoleId> role{};
};

/// Where a role is granted: one of these, or everything.
struct GrantPlace {
  std::optional<SiteId> site{};
  std::optional<DepartmentId> department{};
  std::optional<HostId> host{};
};

/// Roles, what they allow, and who has them.
class Roles {
 public:
  explicit Roles(db::Transaction& tx) : tx_(tx) {}

  /// \returns nothing where the name is taken
  std::optional<RoleId> add(const domain::Role& role, Instant now);
  std::optional<domain::Role> find_by_name(std::string_view name);
  /// By name.
  std::vector<domain::Role> list();
  /// Stores all of \p role, which was read at its version, and makes that one more.
  /// \returns whether it was still at that version
  bool update(const domain::Role& role);

  /// By login, then role; those that have ended are left out.
  std::vector<domain::Grant> grants(const GrantFilter& filter, Instant now);
  /// \returns nothing where the account has exactly that already
  std::optional<GrantId> grant(AccountId account, RoleId role, const GrantPlace& place, AccountId by, Instant now);
  /// \returns what was taken away
  std::optional<GrantId> revoke(AccountId account, RoleId role, const GrantPlace& place);

  /// Enabled people who have \p role on everything, for good. Nobody becomes or stops being one until the transaction
  /// ends.
  std::vector<AccountId> lock_holders(std::string_view role);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
