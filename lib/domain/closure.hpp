#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "domain/fold.hpp"

namespace visitor::domain {

/// Which visits passages from some moment on can touch at all, besides live ones of their site: those whose expected
/// day still lasts, those that ended within reentry_grace, and, where the guest has one that ended as presumed, what
/// ended since then, because only the last one yields to a real exit.
struct Reach {
  Instant expected_after;  ///< expected_until is later
  Instant ended_since;     ///< ended then or later
  Instant presumed_since;  ///< one ended as presumed then or later: all that ended since
};
Reach reach_of(Instant first, const Zone& zone, const FoldSettings& settings);

/// What has to be folded again.
struct Closure {
  Instant begin;                    ///< passages from here on (inclusive) take part
  std::vector<std::size_t> visits;  ///< indices of the visits that take part, with all of their actions
};

/// The part of a guest's history that new facts at or after \p since can touch, so that a guest who comes every day is
/// not folded from the first day on.
///
/// Each visit is open to facts from min(start of its window, check-in) to max(end + reentry_grace, end of the expected
/// day); longer while it is CHECKED_IN, and for kPresumptionLasts after a presumed end, or until the guest is known to
/// have come again. Visits whose spans overlap depend on each other. Taken are the connected group that holds \p since,
/// or else the first one after it; every later one; and the groups of live visits.
///
/// Where the stored states are what the older facts fold to, folding this part gives the same states as folding all.
Closure closure(std::span<const StoredVisit> visits, Instant since, const FoldSettings& settings);

/// Whether the database lets a visit go from \p before to \p after. It never goes back to AWAITING, and one that was
/// called off is only taken up again by a check-in before that. Mirrors visit_guard() of the schema.
bool may_become(const VisitState& before, const VisitState& after);

}  // namespace visitor::domain
