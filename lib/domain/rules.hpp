#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/zone.hpp"
#include "domain/access_event.hpp"
#include "domain/figures.hpp"
#include "domain/fold.hpp"
#include "domain/incident.hpp"

namespace visitor::domain {

/// Thresholds of `[rules]`, as they hold at one site. Hours are wall clock of the site.
struct RuleSettings {
  std::chrono::seconds long_stay{8 * 3600};
  std::chrono::seconds overstay{30 * 60};   ///< after expected_until
  std::chrono::minutes day_begins{6 * 60};  ///< entries before this minute of the day are suspicious
  std::chrono::minutes day_ends{22 * 60};   ///< … and from this one on
  int failed_access_count = 3;
  std::chrono::seconds failed_access_window{5 * 60};
  int exit_entry_count = 4;  ///< changes of direction
  std::chrono::seconds exit_entry_window{30 * 60};
  std::chrono::seconds terminal_offline{2 * 60};
  std::chrono::seconds clock_drift{30};
  int capacity = 0;                           ///< people inside; 0: any number
  std::map<IncidentType, Severity> severity;  ///< where it is not the rule's own
  std::vector<IncidentType> off;              ///< switched off
};

/// A site as rules see it.
struct SiteRules {
  SiteId id;
  Zone zone;
  std::vector<unsigned> days_off;  ///< ISO weekdays, 1 Monday … 7 Sunday
  RuleSettings settings;
};

/// A new passage and what the fold made of it.
struct PassageFact {
  GuestId guest;
  SiteId site;
  TerminalId terminal;
  Direction direction = Direction::entry;
  Step step;
};

/// A passage of a guest, new or earlier, so that a rule can see him turn round.
struct MoveFact {
  EventKey key;
  SiteId site;
  GuestId guest;
  Direction direction = Direction::entry;
  std::optional<VisitId> visit;  ///< where that is known
  bool is_new = false;           ///< arrived with this page
};

/// A refused attempt, new or recent, so that a rule can count over its window.
struct DenialFact {
  EventKey key;
  SiteId site;
  std::string subject;  ///< whom or what it counts for; see denial_subject()
  std::optional<GuestId> guest;
  bool is_new = false;  ///< arrived with this page
};

/// A new event by which a terminal raises an alarm of its own. There need not be a guest.
struct AlarmFact {
  EventKey key;
  SiteId site;
  AlarmKind kind = AlarmKind::none;
  int door_no = 0;       ///< 0: the terminal named none
  std::string subject;   ///< as denial_subject()
  std::string terminal;  ///< its name
  std::optional<GuestId> guest;
};

/// Somebody who is blocked, and where he turned up.
struct BlockedFact {
  enum class How { registered, checked_in, passed, refused };
  GuestId guest;
  SiteId site;
  Instant at;
  How how = How::passed;  ///< registered: somebody tried to
  std::optional<VisitId> visit;
  std::optional<EventKey> event;
};

/// Serial numbers that a terminal was asked for again and does not have.
struct GapFact {
  TerminalId terminal;
  SiteId site;
  std::string name;  ///< of the terminal
  int epoch = 1;
  std::int64_t first = 0;
  std::int64_t last = 0;
  Instant at;  ///< when it turned out
};

/// Somebody in the building.
struct PresenceFact {
  VisitId visit;
  GuestId guest;
  SiteId site;
  Instant checked_in_at;
  Instant expected_until;
};

/// Somebody who was in the building and left: tells since when it has been full.
struct StayFact {
  SiteId site;
  Instant checked_in_at;
  Instant checked_out_at;
};

struct TerminalFact {
  TerminalId id;
  SiteId site;
  std::string name;
  bool enabled = true;
  bool well = false;  ///< it answered when it was asked last, however long ago: if nobody polls it, it cannot help that
  std::optional<Instant> last_answer_at;
  Instant since;  ///< when it was added or enabled: silence before that does not count
  std::optional<std::chrono::milliseconds> clock_offset;  ///< its clock minus ours
  std::optional<Instant> clock_wrong_since;               ///< as clock_is_wrong() found it first; nothing: just now
};

/// Everything that rules look at. What a rule does not need may be empty; facts of sites that are not given are looked
/// past. Any past moment may be given as \c now with the facts as they were then.
struct RuleInput {
  Instant now;
  std::span<const SiteRules> sites;
  // For Trigger::events.
  std::span<const PassageFact> passages = {};
  std::span<const MoveFact> moves = {};
  std::span<const DenialFact> denials = {};  ///< of any site: refusals of one subject add up everywhere
  std::span<const AlarmFact> alarms = {};
  std::span<const BlockedFact> blocked = {};
  std::span<const GapFact> gaps = {};
  // For Trigger::timer.
  std::span<const PresenceFact> inside = {};
  std::span<const StayFact> left = {};  ///< since the first of those inside came, where a site may be full
  std::span<const TerminalFact> terminals = {};
};

/// Whom a refusal counts for: the guest where known, else the employee number, else the card number, else the door.
/// "guest:7", "employee:17", "card:00123", "door:3/1" (terminal and door number).
std::string denial_subject(std::optional<GuestId> guest, const std::optional<std::string>& employee_no,
                           const std::optional<std::string>& card_no, TerminalId terminal, int door_no);

/// How far back a guest's passages matter to repeated_exit_entry, counted from the first new one.
std::chrono::seconds move_reach(const RuleSettings& settings);

/// Whether clock_drift holds: the clock is off by more than the site allows.
bool clock_is_wrong(const TerminalFact& terminal, const RuleSettings& settings);

enum class Trigger {
  events,  ///< looks at what just happened
  timer    ///< looks at the clock and at everybody inside, whether or not a door moved
};

/// A sentence in the languages that people read.
struct Text {
  std::string_view english;
  std::string_view russian;

  std::string_view in(Language language) const { return language == Language::russian ? russian : english; }
};

/// One row of the rule table. All of it but the row itself stands in the rule's file under domain/rules/.
struct Rule {
  IncidentType type;
  Severity severity;
  Trigger trigger;
  std::span<const std::string_view> thresholds;  ///< its options in [rules]: "long_stay"
  Text meaning;                                  ///< when it speaks up, without figures
  /// Appends what it finds at \p site; look() fills in type, severity and summary.
  void (*find)(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings);
  /// One sentence from the figures that find() gave. Figures may be missing in incidents of older versions.
  std::string (*say)(const Figures& figures, Language language);
  std::string_view example;  ///< figures as JSON, such as an incident may have: shows people what it will say
};

/// Every rule there is, in the order in which they look.
std::span<const Rule> rules();
/// The rule of that type, or nullptr: `backup` and `other` have none.
const Rule* find_rule(IncidentType type);

bool is_on(const Rule& rule, const RuleSettings& settings);
Severity severity_of(const Rule& rule, const RuleSettings& settings);

/// The findings of every rule with \p trigger at every site where it is switched on. Pure: the same facts at the same
/// moment give the same findings.
std::vector<Finding> look(const RuleInput& input, Trigger trigger);

/// What an incident says: one sentence in \p language without a person's name, for alerts, pages and messages.
/// \param details  the incident's figures, as JSON
/// Of an incident that a person opened: the text that the person gave, or the label of its type. Of backups: what is
/// wrong with them.
std::string summary(IncidentType type, std::string_view details, Language language);

}  // namespace visitor::domain
