#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archive/copies.hpp"
#include "core/calendar_span.hpp"
#include "core/zone.hpp"

/// Which copies stay. Knows no database and no clock: the same copies, policy and moment give the same answer.
namespace visitor::archive {

/// What is kept; everything is or-ed. A count of 0 and a span of zero keep nothing by themselves.
///
/// Hours, days, ISO weeks, months and years have their natural boundaries on the wall clock of \p zone. restic takes
/// the zone that each snapshot was made in; ours is one for all, so that the answer is the same on every machine and a
/// copy does not change its day when somebody restores elsewhere.
struct Policy {
  int last = 0;
  int hourly = 0;
  int daily = 0;
  int weekly = 0;
  int monthly = 0;
  int yearly = 0;
  CalendarSpan within;  ///< back from the newest copy of the target that is not of the future
  CalendarSpan within_hourly;
  CalendarSpan within_daily;
  CalendarSpan within_weekly;
  CalendarSpan within_monthly;
  CalendarSpan within_yearly;
  int min_verified = 1;  ///< of each target

  /// No rule at all: then everything is kept.
  bool is_empty() const;
};

struct Verdict {
  bool keep = false;
  std::vector<std::string> reasons;  ///< at least one: why it is kept, or why nothing keeps it
};

/// What becomes of each copy, in their order.
///
/// Each target is looked at by itself, newest first. As in restic 0.17 the newest copy of a period takes it, and the
/// oldest copy takes one, too, where a rule has some left ("oldest …"); restic 0.14, Debian's, does not do the latter.
/// Beyond restic:
/// - a copy on hold stays;
/// - of each target the newest Policy::min_verified verified copies stay that are there;
/// - of all targets together, the newest verified copy stays where no other one would;
/// - a broken copy takes nobody's place. It stays only while its target keeps no verified copy that is newer.
///
/// \param now  copies that say to be newer do not move the spans of "within"
std::vector<Verdict> judge(std::span<const Copy> copies, const Policy& policy, const Zone& zone, Instant now);

/// A day on which a policy by itself, without the rule about the only verified copy, leaves too little.
struct Shortage {
  Instant at;
  bool none_at_all = false;  ///< false: copies, but no verified one
};

struct Simulation {
  std::vector<Copy> kept;         ///< on the last day, oldest first within their target
  std::vector<Verdict> verdicts;  ///< of these
  std::size_t made = 0;           ///< copies that were made on the way
  /// The first one, in the worst case: the first copy made at each target is verified, and none after it.
  std::optional<Shortage> shortage;
};

/// What would be there on a future day, had each night given one good copy at each target, verified at once, and each
/// been pruned after it.
///
/// \param copies   what is there now; their targets are those of the future, along with \p targets
/// \param first    the first of the coming backups
/// \param until    at most 30 years later
/// \throws Error usage  \p until lies before \p first, or too far off
Simulation simulate(std::span<const Copy> copies, std::span<const std::string> targets, const Policy& policy,
                    const Zone& zone, Instant first, Instant until);

}  // namespace visitor::archive
