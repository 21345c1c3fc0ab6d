#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "db/transaction.hpp"

namespace visitor::store {

struct Account {
  AccountId id;
  std::string login;
  bool system = false;  ///< the daemon, not a person
};

class Accounts {
 public:
  explicit Accounts(db::Transaction& tx) : tx_(tx) {}

  /// The account of that login (letter case does not count), made if it is missing. Safe to race.
  Account ensure(const std::string& login, bool system, Instant now);

  std::optional<Account> find(AccountId id);
  std::optional<Account> find_by_login(std::string_view login);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
