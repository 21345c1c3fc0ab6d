#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"

namespace visitor::store {

using EditLockId = Id<struct EditLockTag>;

/// Somebody is editing something.
struct EditLock {
  EditLockId token;   ///< grows with every lock that is taken, so that an old one is known for what it is
  std::string topic;  ///< "visit", "guest" or "incident"
  std::int64_t entity = 0;
  AccountId account;
  std::string login;
  Instant taken_at;
  Instant ends_at;  ///< unless it is renewed

  bool live(Instant now) const { return now < ends_at; }
};

/// One lock for each thing at most.
class EditLocks {
 public:
  explicit EditLocks(db::Transaction& tx) : tx_(tx) {}

  /// Of two at the same moment one wins. Also deletes a few that are over for long.
  /// \param take_over  also where somebody else holds it
  /// \returns nothing where it is held
  std::optional<EditLock> take(std::string_view topic, std::int64_t entity, AccountId account, bool take_over,
                               Instant now, Instant ends_at);
  /// \returns whether it was this account's, and nobody has taken another one since
  bool renew(EditLockId token, AccountId account, Instant ends_at);
  /// \returns the same
  bool release(EditLockId token, AccountId account);
  /// Also one that is over.
  std::optional<EditLock> find(EditLockId token);
  /// Also one that is over.
  std::optional<EditLock> find_on(std::string_view topic, std::int64_t entity);
  /// Live ones, oldest first.
  std::vector<EditLock> list(Instant now, int limit);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
