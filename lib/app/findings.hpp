#pragma once

#include <map>
#include <span>
#include <vector>

#include "app/work.hpp"
#include "domain/rules.hpp"
#include "store/journal.hpp"

namespace visitor::app {

/// Opens an incident for each finding or counts it on the open one, with audit, change and, for what is new, an alert.
///
/// A finding whose moment lies more than [rules] live_window before now is late: its incident says so, and nobody is
/// alerted.
/// \param events  the stored rows that findings speak of
/// \returns the incidents that were opened
std::vector<domain::Incident> apply_findings(const Work& work, store::Journal& journal,
                                             std::span<const domain::Finding> findings,
                                             const std::map<domain::EventKey, EventId>& events);

/// The same for rules on a timer: what holds now is not late, and a condition that a person has dealt with opens no
/// second incident while it lasts. The condition is the same as long as its occurred_at is.
std::vector<domain::Incident> apply_timed_findings(const Work& work, store::Journal& journal,
                                                   std::span<const domain::Finding> findings);

/// The same for what a replay finds long afterwards: late, whatever its moment, and the audit rows say "replay".
/// \returns the incident of each finding
std::vector<domain::Incident> apply_replayed_findings(const Work& work, store::Journal& journal,
                                                      std::span<const domain::Finding> findings);

/// Ends the open exit_without_entry incidents of these visits, whose entry has arrived late, as false alarms.
void explain_exits(const Work& work, store::Journal& journal, std::span<const VisitId> visits);

}  // namespace visitor::app
