#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "domain/rules.hpp"

/// The rows of the rule table in domain/rules.cpp, one file each beside this one, and what their sentences share.
namespace visitor::domain {

extern const Rule kExitWithoutEntry;
extern const Rule kLongStay;
extern const Rule kOverstay;
extern const Rule kSuspiciousTime;
extern const Rule kMultipleFailedAccess;
extern const Rule kRepeatedExitEntry;
extern const Rule kEntryWithoutVisit;
extern const Rule kBlockedGuest;
extern const Rule kDuress;
extern const Rule kDoorForced;
extern const Rule kDoorHeld;
extern const Rule kTamper;
extern const Rule kTerminalOffline;
extern const Rule kEventGap;
extern const Rule kClockDrift;
extern const Rule kCapacity;

/// A sentence in the reader's language; both take the same arguments, in any order ("{1} … {0}").
template <class... Args>
std::string phrase(Language language, fmt::format_string<Args...> english, fmt::format_string<Args...> russian,
                   Args&&... args) {
  return fmt::format(language == Language::russian ? russian : english, std::forward<Args>(args)...);
}

/// "The guest of visit 42", "A guest" where the figures name no visit.
std::string guest_words(const Figures& figures, Language language);
/// "terminal Lobby", "терминал «Lobby»"; "a terminal" where the figures name none.
std::string terminal_words(const Figures& figures, Language language);
/// The span under \p key as format_span() writes it, in \p language; empty where there is none.
std::string span_words(const Figures& figures, std::string_view key, Language language);

/// The alarms of one kind as findings, each about \p subject ("door", "terminal", or whom the event names).
enum class AlarmSubject { door, terminal, person };
void find_alarms(const RuleInput& input, const SiteRules& site, AlarmKind kind, AlarmSubject subject,
                 std::vector<Finding>& findings);
/// "terminal Lobby, door 1".
std::string door_words(const Figures& figures, Language language);

}  // namespace visitor::domain
