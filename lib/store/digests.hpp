#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/incident.hpp"

namespace visitor::store {

/// What happened at a site in a period, in numbers.
struct PeriodFigures {
  std::int64_t arrivals = 0;
  std::int64_t departures = 0;  ///< seen leaving
  std::int64_t presumed = 0;
  std::int64_t no_shows = 0;
  std::int64_t cancelled = 0;
  std::int64_t incidents = 0;
  std::int64_t open = 0;                                              ///< of these
  std::vector<std::pair<domain::IncidentType, std::int64_t>> types;   ///< the most frequent first
  std::vector<std::pair<domain::Severity, std::int64_t>> severities;  ///< the gravest first
};

class Digests {
 public:
  explicit Digests(db::Transaction& tx) : tx_(tx) {}

  /// In [\p from, \p until).
  PeriodFigures period(SiteId site, Instant from, Instant until);
  /// In the building, and awaited until \p until.
  std::pair<std::int64_t, std::int64_t> people(SiteId site, Instant until);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
