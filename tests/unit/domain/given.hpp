#pragma once

#include <string_view>

#include "domain/fold.hpp"
#include "support/manual_clock.hpp"

/// Facts for the tests of this folder. Moments are of 1 September 2026 unless they have a date; the site is in Almaty
/// (UTC+5), whose local day runs from 19:00 to 19:00 UTC.
namespace visitor::test {

inline const SiteId kSite{1};
inline const SiteId kOtherSite{2};
inline const TerminalId kTerminal{3};

inline Instant on_the_day(std::string_view text) {
  return at(text.size() == 5 ? "2026-09-01T" + std::string{text} + ":00Z" : std::string{text});
}

/// Expected from 08:00 to 10:00 UTC unless said otherwise.
inline domain::VisitPlan a_visit(std::int64_t id, std::string_view from = "08:00", std::string_view until = "10:00",
                                 SiteId site = kSite) {
  return {VisitId{id}, site, Zone::named("Asia/Almaty"), on_the_day(from), on_the_day(until)};
}

inline domain::Passage a_passage(domain::Direction direction, std::string_view time, std::int64_t serial,
                                 SiteId site = kSite) {
  domain::Passage passage;
  passage.key = {kTerminal, 1, serial, on_the_day(time), 5, 75};
  passage.direction = direction;
  passage.site = site;
  return passage;
}
inline domain::Passage entry(std::string_view time, std::int64_t serial, SiteId site = kSite) {
  return a_passage(domain::Direction::entry, time, serial, site);
}
inline domain::Passage exit(std::string_view time, std::int64_t serial, SiteId site = kSite) {
  return a_passage(domain::Direction::exit, time, serial, site);
}

inline domain::VisitAction an_action(std::int64_t visit, domain::ActionKind kind, std::string_view time,
                                     domain::ActionHow how = domain::ActionHow::person) {
  return {VisitId{visit}, kind, how, on_the_day(time)};
}

}  // namespace visitor::test
