#pragma once

#include <cstddef>
#include <optional>
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
/// Where the stored states are what the older facts fold to, folding this part gives the same states as folding all. Of
/// a new action that reopens a visit \p since is not its own moment but open_since() of that visit, however long ago it
/// ended.
Closure closure(std::span<const StoredVisit> visits, Instant since, const FoldSettings& settings);

/// The first moment at which a fact may matter to the visit.
Instant open_since(const StoredVisit& visit, const FoldSettings& settings);

/// Whether the database lets a visit go from \p before to \p after. One that was called off is only taken up again by a
/// check-in before that, or by somebody who reopened it since; otherwise no visit goes back to AWAITING. Mirrors
/// visit_guard() of the schema.
/// \param reopened_at  the latest action that reopens the visit, if there is one
bool may_become(const VisitState& before, const VisitState& after, std::optional<Instant> reopened_at = {});

}  // namespace visitor::domain
