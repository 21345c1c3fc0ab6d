#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "domain/rules.hpp"

namespace visitor::app {

/// [since, until).
struct Period {
  Instant since;
  Instant until;

  bool holds(Instant at) const { return since <= at && at < until; }
};

/// How long before its moment the things happened that a finding or an incident counts; zero where it counts none.
std::chrono::seconds counted_within(const std::string& details);

/// Whether a rule looks at nothing but stored events and actions, so that its findings follow from them at any time.
/// Others look at what the terminals and the database were like just then, or are opened by people.
bool is_replayable(domain::IncidentType type);

/// Something a rule finds in a period.
struct Sight {
  domain::Finding finding;
  std::string key;  ///< dedupe key
  /// Of a rule on a timer: the condition holds from the later of finding.occurred_at and this …
  Instant from;
  Instant until;  ///< … until then; of an event its moment, and \c from is earlier by what the rule counts within
  bool timed = false;
};

struct Replayed {
  /// By key, then occurred_at. A rule that counts within a window gives one for each event that reaches the count, as
  /// it would if each event came by itself. Timed ones of everybody who was inside within the period, also those whose
  /// moment lies outside of it.
  std::vector<Sight> sights;
  int guests = 0;  ///< looked at
};

/// What the rules say of a period, from the stored facts alone and whatever states or incidents are stored: the one
/// engine of 'event replay' and 'rules test'. Reads only. Guests are taken a few hundred at a time; what grows with the
/// period is the list of findings.
/// \param sites  the rules as they are or as proposed; other sites are looked past
Replayed replay_rules(const Work& work, const Period& period, std::span<const domain::SiteRules> sites);

}  // namespace visitor::app
