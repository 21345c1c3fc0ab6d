#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/zone.hpp"
#include "domain/fold.hpp"
#include "domain/incident.hpp"

namespace visitor::domain {

/// Thresholds of `[rules]`. Hours are wall clock of the site.
struct RuleSettings {
  std::chrono::seconds long_stay{8 * 3600};
  std::chrono::minutes day_begins{6 * 60};  ///< entries before this minute of the day are suspicious
  std::chrono::minutes day_ends{22 * 60};   ///< … and from this one on
  int failed_access_count = 3;
  std::chrono::seconds failed_access_window{5 * 60};
  std::chrono::seconds terminal_offline{2 * 60};
  std::vector<IncidentType> off;  ///< switched off
};

struct SiteHours {
  SiteId id;
  Zone zone;
  std::vector<unsigned> days_off;  ///< ISO weekdays, 1 Monday … 7 Sunday
};

/// A new passage and what the fold made of it.
struct PassageFact {
  GuestId guest;
  SiteId site;
  TerminalId terminal;
  Direction direction = Direction::entry;
  Step step;
};

/// A refused attempt, new or recent, so that a rule can count over its window.
struct DenialFact {
  EventKey key;
  SiteId site;
  std::string subject;  ///< whom or what it counts for; see denial_subject()
  std::optional<GuestId> guest;
  bool is_new = false;  ///< arrived with this page
};

/// Somebody in the building.
struct PresenceFact {
  VisitId visit;
  GuestId guest;
  SiteId site;
  Instant checked_in_at;
  Instant expected_until;
};

struct TerminalFact {
  TerminalId id;
  SiteId site;
  std::string name;
  bool enabled = true;
  std::optional<Instant> last_answer_at;
  Instant since;  ///< when it was added or enabled: silence before that does not count
};

/// Everything that rules look at. What a rule does not need may be empty.
struct RuleInput {
  Instant now;
  const RuleSettings& settings;
  std::span<const SiteHours> sites;
  std::span<const PassageFact> passages;
  std::span<const DenialFact> denials;
  std::span<const PresenceFact> inside;
  std::span<const TerminalFact> terminals;
};

/// Whom a refusal counts for: the guest where known, else the employee number, else the card number, else the door.
/// "guest:7", "employee:17", "card:00123", "door:3/1" (terminal and door number).
std::string denial_subject(std::optional<GuestId> guest, const std::optional<std::string>& employee_no,
                           const std::optional<std::string>& card_no, TerminalId terminal, int door_no);

enum class Trigger {
  events,  ///< looks at what just arrived
  timer    ///< looks at the clock and at everybody inside, whether or not a door moved
};

/// One row of the rule table; the function stands in its own file under domain/rules/.
struct Rule {
  IncidentType type;
  Severity severity;
  Trigger trigger;
  /// Appends what it finds; type and severity are filled in from this row.
  void (*look)(const RuleInput& input, std::vector<Finding>& findings);
};

/// Every rule there is, in the order in which they look.
std::span<const Rule> rules();

/// The findings of every rule with \p trigger that is switched on.
std::vector<Finding> look(const RuleInput& input, Trigger trigger);

}  // namespace visitor::domain
