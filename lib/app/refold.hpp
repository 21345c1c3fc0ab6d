#pragma once

#include <map>
#include <span>
#include <utility>
#include <vector>

#include "app/work.hpp"
#include "domain/fold.hpp"
#include "domain/visit.hpp"
#include "store/journal.hpp"

namespace visitor::app {

struct Refolded {
  struct Change {
    domain::Visit before;
    domain::Visit after;
  };
  std::vector<Change> changes;  ///< only visits whose state differs
  /// What the passages did, by guest and in device-time order; of a guest whose history was folded again also older
  /// ones.
  std::vector<std::pair<GuestId, domain::Step>> steps;
  /// Visits that had exits without an entry, of which none is left: the entry has arrived.
  std::vector<VisitId> explained;
  /// What the visits that were looked at say of each guest's walking.
  struct Walk {
    int passages = 0;     ///< entries and exits on these visits
    Instant opened_at{};  ///< when the last of their windows opened
  };
  std::map<GuestId, Walk> walks;
  /// Visits that stay as they are although the facts now say something else, which the database would refuse.
  struct Refusal {
    domain::Visit visit;  ///< as it stays
    domain::VisitState facts;
  };
  std::vector<Refusal> refused;
};

enum class Refusals {
  logged,    ///< with a warning
  returned,  ///< for a caller who looks at Refolded::refused
  overruled  ///< for a replay: nothing is refused, and the audit rows say "replay"
};

/// Brings the stored visits of \p guests in line with the facts (stored events, recorded actions) from \p since on, and
/// writes the audit and change rows. Rows of the guests' visits are locked until the transaction ends.
///
/// A transition that the database would refuse (domain::may_become) is left out: facts that contradict what was acted
/// upon, or settings that have changed since, must not stop a terminal.
Refolded refold(const Work& work, std::span<const GuestId> guests, Instant since, Refusals refusals = Refusals::logged);

/// Passages of one guest that have just arrived, in any order, and are stored in the same transaction.
struct Arrivals {
  GuestId guest;
  std::vector<domain::Passage> passages;  ///< not empty
};

/// The same for a page: a guest whose passages are newer than every stored fact is folded on from the stored states;
/// only others are folded again from their history. The states go to the server with the next statement.
/// \param zone      of the site where all of them happened
/// \param arrivals  one element per guest
Refolded fold_arrivals(const Work& work, store::Journal& journal, const Zone& zone, std::span<const Arrivals> arrivals);

}  // namespace visitor::app
