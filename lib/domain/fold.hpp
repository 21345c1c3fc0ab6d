#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "core/zone.hpp"
#include "domain/access_event.hpp"
#include "domain/visit.hpp"

namespace visitor::domain {

/// A granted event of a known guest at a door with a direction.
struct Passage {
  EventKey key;  ///< key.occurred_at is the device's time, which is the time that counts
  Direction direction = Direction::entry;
  SiteId site;
};

enum class ActionKind { check_in, check_out, cancel, no_show, presume_left, reopen };
enum class ActionHow { person, api, automatic };  // "person", "api", "auto"

/// What a person or a timer did to a visit; never changed once recorded.
struct VisitAction {
  VisitId visit;
  ActionKind kind = ActionKind::check_in;
  ActionHow how = ActionHow::person;
  Instant happened_at;
};

/// One visit of the guest as far as the fold needs it.
struct VisitPlan {
  VisitId id;
  SiteId site;
  Zone zone;
  Instant expected_from;
  Instant expected_until;
};

/// A visit as it is stored.
struct StoredVisit {
  VisitPlan plan;
  VisitState state;
};

struct FoldSettings {
  std::chrono::seconds reentry_grace{15 * 60};
  /// How long before expected_from an entry belongs to the visit.
  std::chrono::seconds early_arrival{60 * 60};
};

/// So long after a presumed end an exit is taken for the real one rather than for that of a visit still awaited.
constexpr std::chrono::hours kPresumptionFresh{24};
/// So long after a presumed end an exit with nothing else to belong to is taken for the real one.
constexpr std::chrono::hours kPresumptionLasts{7 * 24};

/// When an awaited guest counts as not having come: the end of the site's local day that holds the last moment before
/// expected_until. A visit until midnight ends with that midnight.
Instant expected_day_end(const VisitPlan& visit);

/// Whether a visit in this state takes such an action. \see fold
bool allows(const VisitState& state, ActionKind kind);

/// What one passage did.
enum class StepKind {
  checked_in,           ///< an awaited guest came
  entered_again,        ///< already inside
  reopened,             ///< came back within the grace
  checked_out,          ///< left
  exit_without_entry,   ///< left without having come; the visit stays AWAITING
  left_again,           ///< the visit had ended already; a presumed end becomes this real one
  entry_without_visit,  ///< came with no live visit
  exit_without_visit    ///< left with no live visit
};

struct Step {
  EventKey key;
  StepKind kind = StepKind::checked_in;
  std::optional<VisitId> visit;
};

struct Folded {
  std::map<VisitId, VisitState> visits;  ///< every visit given, also those nothing happened to
  std::vector<Step> steps;               ///< one per passage, in the order folded
  std::vector<std::size_t> refused;      ///< indices into the actions that the states did not allow; ascending
};

/// The truth about one guest: the states that his visits have after all these facts, whatever order they arrived in.
///
/// Facts are taken in time order (passages by device time, then terminal, then serial; an action after a passage of the
/// same instant). A passage only touches visits of its own site, and belongs to the first that fits:
///
/// | entry                                                    | step                | effect                        |
/// |----------------------------------------------------------|---------------------|-------------------------------|
/// | the visit the guest is inside on                         | entered_again       | counted                       |
/// | the visit left last, if within reentry_grace (inclusive) | reopened            | CHECKED_IN, first entry kept  |
/// | the AWAITING visit with the earliest expected_from whose | checked_in          | CHECKED_IN at the device's    |
/// | window holds it                                          |                     | time                          |
/// | none                                                     | entry_without_visit | -                             |
///
/// | exit                                                     | step                | effect                        |
/// |----------------------------------------------------------|---------------------|-------------------------------|
/// | the visit the guest is inside on (with two: both end)    | checked_out         | CHECKED_OUT                   |
/// | the visit left last, if within reentry_grace, or if it   | left_again          | counted; a presumed end       |
/// | ended as presumed less than kPresumptionFresh ago        |                     | becomes this one, by the door |
/// | an AWAITING visit as above                               | exit_without_entry  | counted, stays AWAITING       |
/// | the visit left last, if it ended as presumed less than   | left_again          | as above                      |
/// | kPresumptionLasts ago                                    |                     |                               |
/// | the latest visit left otherwise, while its expected day  | left_again          | counted                       |
/// | lasts                                                    |                     |                               |
/// | none                                                     | exit_without_visit  | -                             |
///
/// The window of a visit runs from expected_from − early_arrival to expected_day_end(), which it does not hold.
///
/// Actions: check_in, cancel and no_show need AWAITING; check_out and presume_left need CHECKED_IN. reopen takes back
/// what people and timers said: CANCELLED and NO_SHOW become AWAITING, and CHECKED_OUT becomes CHECKED_IN with its
/// first entry, unless the guest left through a door. Everything else is refused, so a cancellation or a no-show only
/// holds for a guest who had not come, and a presumption only for one who had not left. They do not count as entries or
/// exits.
///
/// \param visits    of one guest, any order
/// \param passages  of the same guest, any order, duplicates allowed (counted once)
/// \param actions   on these visits, any order; those on other visits are refused
Folded fold(std::span<const VisitPlan> visits, std::span<const Passage> passages, std::span<const VisitAction> actions,
            const FoldSettings& settings);

/// The same for facts that all come after those which the stored states were folded from.
Folded fold_on(std::span<const StoredVisit> visits, std::span<const Passage> passages,
               std::span<const VisitAction> actions, const FoldSettings& settings);

template <>
std::span<const Name<ActionKind>> names();
template <>
std::span<const Name<ActionHow>> names();
template <>
std::span<const Name<StepKind>> names();

}  // namespace visitor::domain
