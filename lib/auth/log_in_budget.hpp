#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/vault.hpp"
#include "db/transaction.hpp"

namespace visitor::auth {

/// How often somebody may try to log in, whatever the number of daemons.
///
/// | budget  | counts tries                                                     | in 15 minutes |
/// |---------|------------------------------------------------------------------|---------------|
/// | pair    | of one network at one login                                      | 5             |
/// | network | of one network at any login                                      | 50            |
/// | account | at one login from networks and devices that it does not know     | 50            |
/// | overall | from networks and devices that the login does not know           | 1,000         |
/// | code    | with the right password of an account and a wrong code           | 10            |
///
/// A try is taken before the password is looked at, so that tries at the same moment count, too, and given back where
/// it was good. So a stranger uses up the budgets of his own network, and those of many networks together can delay an
/// account's log-in from a place that it was never logged in from, for a window at most; never from a known network or
/// device. Logins that do not exist have budgets like all others.
class LogInBudget {
 public:
  LogInBudget(db::Transaction& tx, const Vault& vault) : tx_(tx), vault_(vault) {}

  struct Try {
    std::string login;   ///< as typed; letter case does not count
    std::string source;  ///< source_of() the address
    bool known = false;  ///< the account was logged in from there
  };
  struct Refusal {
    std::chrono::seconds wait;  ///< until the window is over
    bool first = false;         ///< in this window
  };
  /// Takes one try from each budget in turn; the first that is used up refuses it.
  std::optional<Refusal> take(const Try& attempt, Instant now);
  /// After a good log-in: its tries come back, and of the pair all.
  void give_back(const Try& attempt);
  /// One wrong code may be tried.
  std::optional<Refusal> take_code(AccountId account, Instant now);
  void give_back_code(AccountId account);
  /// Forgets all tries at a login, from wherever. \returns whether there were any
  bool forget(std::string_view login, AccountId account);
  /// Deletes windows that are over. \returns how many
  static std::int64_t purge(db::Transaction& tx, Instant now);

 private:
  struct Budget;
  std::optional<Refusal> take_one(const Budget& budget, std::string_view key, std::string_view login, Instant now);
  void give_one_back(const Budget& budget, std::string_view key, bool all);
  std::vector<std::byte> hash_of(std::string_view kind, std::string_view key) const;

  db::Transaction& tx_;
  const Vault& vault_;
};

/// Networks and devices that an account was logged in from in the last 90 days.
class KnownSources {
 public:
  KnownSources(db::Transaction& tx, const Vault& vault) : tx_(tx), vault_(vault) {}

  /// Any of them. \param sources  source_of() the address, text of a device's token
  bool knows(AccountId account, const std::vector<std::string>& sources, Instant now);
  void note(AccountId account, const std::vector<std::string>& sources, Instant now);
  /// Deletes what is too old to count. \returns how many
  static std::int64_t purge(db::Transaction& tx, Instant now);

 private:
  std::vector<std::vector<std::byte>> hashes_of(AccountId account, const std::vector<std::string>& sources) const;

  db::Transaction& tx_;
  const Vault& vault_;
};

}  // namespace visitor::auth
