#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/fold.hpp"

namespace visitor::store {

/// An action as it was written down.
struct RecordedAction {
  std::int64_t id = 0;
  domain::VisitAction action;
  std::string reason;
  std::optional<AccountId> account;
  std::string login;  ///< of the account; empty where there is none
  Instant recorded_at;
};

class VisitActions {
 public:
  explicit VisitActions(db::Transaction& tx) : tx_(tx) {}

  void record(const domain::VisitAction& action, const std::string& reason, AccountId account, Instant now);
  /// Many at once, without a reason.
  void record(std::span<const domain::VisitAction> actions, AccountId account, Instant now);

  /// On whose visits something was done in [\p since, \p until).
  std::vector<GuestId> guests_within(Instant since, Instant until);
  /// On these visits, in the order of recording.
  std::vector<domain::VisitAction> of(std::span<const VisitId> visits);
  /// On one visit, in the order of recording, with who did it and why.
  std::vector<RecordedAction> history(VisitId visit);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
