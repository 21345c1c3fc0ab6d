#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/zone.hpp"
#include "domain/alert.hpp"
#include "domain/language.hpp"

namespace visitor {
using SilenceId = Id<struct SilenceTag>;
}  // namespace visitor

/// Who is told what, and why. Pure: everything that matters is handed over, the same facts give the same answer.
namespace visitor::domain {

/// One way to one person.
struct Place {
  Channel channel = Channel::log;
  std::string address;  ///< empty where the channel has only one

  auto operator<=>(const Place&) const = default;
};

/// A part of every day, in which only what is critical gets through. Over midnight where \c from is the later one.
struct QuietHours {
  std::chrono::minutes from{};
  std::chrono::minutes until{};

  bool operator==(const QuietHours&) const = default;
};

/// When the quiet hours that hold \p now end; nothing outside of them. On the days of a change of clocks the wall clock
/// counts.
std::optional<Instant> quiet_until(const QuietHours& quiet, const Zone& zone, Instant now);

/// Somebody who can be told.
struct Recipient {
  std::string name;
  Language language = Language::english;
  std::vector<Place> places;
  std::optional<QuietHours> quiet;
  std::optional<Zone> zone;  ///< of the quiet hours; nothing: the site's
};

/// How old what happened may have been when it became known.
enum class Lateness { live, late, any };

/// What holds for an alert that is meant. What is empty holds for all; types and severity look at incidents only.
struct AlertMatch {
  std::vector<AlertKind> kinds;  ///< empty: incidents
  std::vector<IncidentType> types;
  std::optional<Severity> at_least;
  std::vector<std::string> sites;  ///< names, case of ASCII letters does not matter
  std::vector<std::string> departments;
  Lateness late = Lateness::live;
};

struct Route {
  std::string name;
  AlertMatch match;
  std::vector<std::string> to;      ///< names of recipients
  std::vector<Channel> channels;    ///< only on these; empty: all that a recipient has
  bool goes_on = false;             ///< later routes are looked at, too
  bool updates = true;              ///< tells whoever was told when somebody takes an incident on
  bool resolved = false;            ///< … and when it has ended
  std::chrono::seconds wait{};      ///< for others to tell together with the first
  std::chrono::seconds interval{};  ///< between two messages; what comes meanwhile is told together
  std::chrono::seconds repeat{};    ///< while nobody answers; zero: never
};

/// Told where nobody has answered an incident for some time.
struct EscalationStep {
  std::string name;
  AlertMatch match;
  std::chrono::seconds after{};
  std::vector<std::string> to;
  std::vector<Channel> channels;
};

struct Routing {
  std::vector<Recipient> recipients;
  std::vector<Route> routes;  ///< the first that matches counts
  std::vector<EscalationStep> steps;
  int storm_limit = 10;                     ///< messages a minute to one place
  std::chrono::seconds storm_interval{60};  ///< between two summaries
};

/// What people switched off for a while.
struct Silence {
  SilenceId id;
  std::vector<IncidentType> types;  ///< any of these; empty: all
  std::optional<Severity> at_most;  ///< graver ones get through
  std::optional<SiteId> site;
  std::optional<DepartmentId> department;
  std::optional<GuestId> guest;
  std::optional<TerminalId> terminal;
  std::optional<IncidentId> incident;
  std::string recipient;  ///< name; empty: everybody
  std::string reason;
  Instant starts_at;
  Instant ends_at;
};

/// An alert as routing sees it.
struct AlertFacts {
  AlertId id;
  AlertKind kind = AlertKind::incident_opened;
  Severity severity = Severity::medium;
  std::optional<IncidentId> incident;
  std::optional<IncidentType> type;
  bool late = false;
  bool acknowledged = false;  ///< the incident is no longer new
  std::optional<SiteId> site;
  std::string site_name;
  Zone zone = Zone::utc();  ///< of the site
  std::optional<DepartmentId> department;
  std::string department_name;
  std::optional<GuestId> guest;
  std::optional<TerminalId> terminal;
  Instant created_at;
  std::string step;   ///< of an escalation: its name
  std::string route;  ///< of a reminder: the only route that is looked at
  /// Where the host of the visit is told of his guest; empty: he is not.
  std::vector<Place> host;
  Language host_language = Language::english;

  /// Who has been told of the incident before.
  struct Told {
    Place place;
    Language language = Language::english;
    std::string recipient;
    std::string route;
    /// The alert whose message has not left yet, and will say how things stand when it does.
    std::optional<AlertId> waiting;
  };
  std::vector<Told> told;
};

/// Somebody whom an alert is meant for.
struct Chosen {
  std::string recipient;  ///< name; "host" for the host of the visit
  Place place;
  Language language = Language::english;
  std::string route;               ///< its name; empty where no route led here
  std::string reason;              ///< "route night: severity high or above"
  std::optional<AlertId> waiting;  ///< \see AlertFacts::Told
};

/// What routing thought of one route.
struct RouteLook {
  std::string route;
  bool matches = false;
  std::string why;  ///< "severity high or above", or what does not match: "is low, not high or above"
};

struct Choice {
  std::vector<Chosen> chosen;    ///< each place once
  std::vector<RouteLook> looks;  ///< in the order of the routes (or steps); those after the end were not looked at
};

/// Why \p match does not hold for \p alert, or nothing where it does.
std::optional<std::string> mismatch(const AlertMatch& match, const AlertFacts& alert);
/// What \p match asks for: "type duress or tamper, severity high or above"; "any incident" where that is nothing.
std::string in_words(const AlertMatch& match);

/// Whom \p alert is for. Without any route everything goes to the log.
Choice choose(const Routing& routing, const AlertFacts& alert);

/// Whether \p silence holds now for that alert and recipient.
bool covers(const Silence& silence, const AlertFacts& alert, std::string_view recipient, Instant now);

/// A message that stands, or will stand, for several alerts to one place.
struct Gathering {
  enum class Why { storm, quiet, group };
  Place place;
  Why why = Why::storm;
  std::string route;               ///< of a group
  Instant due;                     ///< when it goes out
  bool open = false;               ///< has not left: more can be told by it
  std::optional<AlertId> alert;    ///< nothing: it was begun here and is yet to be made
  std::optional<AlertId> follows;  ///< the first of its storm, where that is another one
  Language language = Language::english;
  std::string recipient;
};

/// What went to each place lately.
struct PaceHistory {
  std::map<Place, int> last_minute;                                ///< alerts for this place, however they were told
  std::map<std::pair<std::string, Place>, Instant> last_of_route;  ///< when the newest message goes or went
  std::vector<Gathering> gatherings;  ///< open ones, and storms of the last few intervals; oldest first
};

/// What becomes of one who was chosen.
struct Decision {
  Chosen chosen;
  std::optional<Instant> not_before;     ///< nothing: at once
  std::string withheld;                  ///< why not; empty: he is told
  std::optional<AlertId> told_by;        ///< another alert's message says it
  std::optional<std::size_t> gathering;  ///< number of the one in Pacer::gatherings() whose message says it
};

/// Decides alert by alert what goes out at once, later, together or not at all, and remembers that for the next ones.
///
/// In this order: silences; what another message that is still waiting will say; quiet hours, through which only
/// critical alerts break; storms, from the limit of messages a minute on; the route's own grouping. Machines (webhook,
/// exec, log) are spared storms.
class Pacer {
 public:
  Pacer(const Routing& routing, std::span<const Silence> silences, PaceHistory history, Instant now);

  std::vector<Decision> decide(const AlertFacts& alert, std::span<const Chosen> chosen);

  /// Those of the history and those begun since.
  const std::vector<Gathering>& gatherings() const { return history_.gatherings; }

 private:
  Decision decide(const AlertFacts& alert, const Chosen& chosen);
  std::size_t gather(const Chosen& chosen, Gathering::Why why, Instant due);
  std::optional<std::size_t> open_one(const Place& place, Gathering::Why why, std::string_view route) const;

  const Routing& routing_;
  std::span<const Silence> silences_;
  PaceHistory history_;
  Instant now_;
};

template <>
std::span<const Name<Lateness>> names();
template <>
std::span<const Name<Gathering::Why>> names();

}  // namespace visitor::domain
