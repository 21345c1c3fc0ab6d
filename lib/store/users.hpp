#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/account.hpp"
#include "store/references.hpp"

namespace visitor::store {

struct UserFilter {
  std::string text{};              ///< somewhere in login, name, company, department or e-mail; empty: any
  std::optional<bool> disabled{};  ///< only these; nothing: all
  std::optional<RoleId> role{};    ///< only who has it, wherever
  int limit = 100;
};

/// Accounts with everything that is known of the person. store::Accounts is the small part that actors need.
class Users {
 public:
  explicit Users(db::Transaction& tx) : tx_(tx) {}

  /// \param account  its id, password and times are not looked at
  /// \returns nothing where the login is taken (letter case does not count)
  std::optional<AccountId> add(const domain::Account& account, Instant now);
  std::optional<domain::Account> find(AccountId id);
  std::optional<domain::Account> find_by_login(std::string_view login);
  /// By login; people only.
  std::vector<domain::Account> list(const UserFilter& filter = {});

  /// Stores what people are told apart by (login, name, … chat id) of \p account, which was read at its version, and
  /// makes that one more. \returns whether it was still at that version
  bool update(const domain::Account& account);
  /// \param hash  nothing: nobody can log in by password
  void set_password(AccountId id, const std::optional<std::string>& hash, Instant now);
  /// The same password, hashed with other parameters; only while \p before is the one that is stored.
  void set_hash(AccountId id, const std::string& before, const std::string& hash);
  /// \param at  nothing: enabled
  void set_disabled(AccountId id, std::optional<Instant> at);
  /// The account with its grants and memberships, authenticators and throttling. What it did must not be there.
  void remove(AccountId id);
  /// What names the account, so that it has to stay.
  std::vector<Reference> references(AccountId id);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
