#pragma once

#include <map>
#include <span>
#include <string_view>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "db/transaction.hpp"

namespace visitor::store {

/// What timers ask for.
class Presence {
 public:
  explicit Presence(db::Transaction& tx) : tx_(tx) {}

  /// True for one transaction at a time; until it ends all others get false. Never waits.
  bool take_turn(std::string_view job);

  /// The last entry of each visit's guest at the visit's site since the check-in, or when somebody reopened the visit
  /// if that was later; visits without either are left out.
  std::map<VisitId, Instant> last_entries(std::span<const VisitId> visits);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
