#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/badge.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// What a token names a badge by: random, so that nothing follows from it.
using BadgeToken = std::array<std::byte, 16>;

struct BadgeFilter {
  std::optional<VisitId> visit;
  std::vector<domain::BadgeState> states;  ///< any of these; empty: all
  int limit = 100;
};

/// A badge on the way to paper, with what its token says.
struct BadgeTask {
  domain::Badge badge;
  BadgeToken token;
};

class Badges {
 public:
  Badges(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// Stores the next print of its visit, whose row is locked until the end of the transaction.
  /// \param badge       id, print and login are not looked at
  /// \param held_until  until then only its maker gives it to the printer
  domain::BadgeId add(const domain::Badge& badge, const BadgeToken& token, AccountId account, Instant held_until);

  std::optional<domain::Badge> find(domain::BadgeId id);
  std::optional<domain::Badge> find_token(const BadgeToken& token);
  /// How many were printed for the visit.
  int prints(VisitId visit);
  /// The newest first.
  std::vector<domain::Badge> list(const BadgeFilter& filter);

  /// Takes one that is queued, its row locked, others skipped: the oldest that nobody holds, or \p only whoever holds
  /// it. Nothing where there is none.
  std::optional<BadgeTask> take_queued(Instant now, std::optional<domain::BadgeId> only = {});
  /// Those that were sent and not looked at since \p before, their rows locked, others skipped.
  std::vector<domain::Badge> take_sent(Instant before, int limit);
  /// \param problem  of a failure; otherwise empty
  void move(domain::BadgeId id, domain::BadgeState state, Instant at, std::string_view queue_job,
            std::string_view problem);
  /// Notes when these were looked at: held_until of what is sent.
  void looked_at(std::span<const domain::BadgeId> ids, Instant at);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
