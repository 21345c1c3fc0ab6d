#pragma once

#include <optional>
#include <span>
#include <vector>

#include "domain/fold.hpp"

namespace visitor::domain {

/// A time in which a guest was inside on a visit. A visit has several where the guest went out and came back.
struct Stay {
  VisitId visit;
  Instant checked_in_at;         ///< of the visit: its first entry
  Instant from;                  ///< inclusive
  std::optional<Instant> until;  ///< not inclusive; nothing: still inside. May be `from` itself

  bool operator==(const Stay&) const = default;
};

/// Every stay that the fold of these facts goes through, in the order of beginning: at any moment a visit's guest is
/// inside exactly where the fold of the facts up to then says CHECKED_IN.
std::vector<Stay> stays(std::span<const VisitPlan> visits, std::span<const Passage> passages,
                        std::span<const VisitAction> actions, const FoldSettings& settings);

}  // namespace visitor::domain
