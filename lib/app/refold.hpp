#pragma once

#include <span>
#include <vector>

#include "app/work.hpp"
#include "domain/fold.hpp"
#include "domain/visit.hpp"

namespace visitor::app {

struct Refolded {
  struct Change {
    domain::Visit before;
    domain::Visit after;
  };
  std::vector<Change> changes;  ///< only visits whose state differs
  std::vector<std::pair<GuestId, domain::Step>> steps;
};

/// Brings the stored visits of \p guests in line with the facts (stored events, recorded actions) from \p since on, and
/// writes the audit and change rows. Rows of the guests' visits are locked until the transaction ends.
Refolded refold(const Work& work, std::span<const GuestId> guests, Instant since);

}  // namespace visitor::app
