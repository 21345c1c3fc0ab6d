#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/replay_findings.hpp"
#include "app/work.hpp"
#include "db/pool.hpp"
#include "domain/incident.hpp"
#include "domain/visit.hpp"

/// Whether what is stored follows from the facts, and the repair of what does not.
namespace visitor::app {

/// A visit whose stored state is not what its facts give.
struct VisitDifference {
  domain::Visit stored;
  domain::VisitState facts;
};

/// A finding without an incident, or an incident without a finding.
struct IncidentDifference {
  enum class Kind {
    missing,     ///< the facts call for an incident, and there is none
    unsupported  ///< an open incident that nobody has touched, and no fact calls for it
  };
  Kind kind = Kind::missing;
  domain::Finding finding;                   ///< of a missing one; of the other: what the incident says
  std::optional<domain::Incident> incident;  ///< of an unsupported one; of a missing one once it has been opened
};

struct ReplayReport {
  Period period;
  int guests = 0;  ///< whose visits were folded again
  int visits = 0;  ///< compared
  std::vector<VisitDifference> visit_differences;
  int findings = 0;   ///< of the rules, in the period
  int incidents = 0;  ///< stored ones of the period that could be compared
  std::vector<IncidentDifference> incident_differences;
  /// Stored ones of the period that no event can prove or disprove, by type.
  std::map<domain::IncidentType, int> not_replayable;
  int switched_off = 0;  ///< of a rule that is off now
  int handled = 0;       ///< that no fact supports, but a person opened, works on or has reopened
  int repaired = 0;

  std::size_t differences() const { return visit_differences.size() + incident_differences.size(); }
};

/// Folds every guest with facts (or a stored stay) in the period again, and compares visits and incidents with what is
/// stored. Reads only.
///
/// Incidents: those whose moment lies in the period. A finding has its incident where one of the same subject happened
/// at that moment, or was open then or when its event was received. What held for less than two ticks of the timer may
/// have gone unseen, and is not missed.
ReplayReport compare_with_facts(const Work& work, const Period& period);

/// Makes what is stored follow from the facts: \p report's visits are folded again under their locks, then its
/// incidents opened (late, and nobody is alerted) or ended as false alarms with the reason. Each has an audit row that
/// says "replay". What somebody else has changed meanwhile is left to the next run. \returns the report with what was
/// repaired
ReplayReport repair_from_facts(const Work& work, ReplayReport report);
/// The same in transactions of its own, of a few hundred guests each.
ReplayReport repair_from_facts(db::Pool& pool, const Actor& actor, Instant now, const config::Settings& settings,
                               ReplayReport report);

/// A rule tried on the past: an incident that was raised, would have been raised, or both.
struct Tried {
  domain::Finding finding;              ///< of what would have been raised, else of what was
  std::optional<domain::Incident> was;  ///< the stored one
  bool would = false;                   ///< the rules, as they are or as proposed, raise it
};
struct RuleTrial {
  Period period;
  std::vector<Tried> tried;  ///< by moment
  std::map<domain::IncidentType, int> not_replayable;
};
/// What the rules would have raised in the period beside what was raised. Of one subject one incident at a time, as
/// long as the stored one was open, or for good where nobody has ended any. Reads only. \param type  only this rule
RuleTrial try_rules(const Work& work, const Period& period, std::span<const domain::SiteRules> sites,
                    std::optional<domain::IncidentType> type);

}  // namespace visitor::app
