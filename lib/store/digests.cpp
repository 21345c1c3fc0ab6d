#include "store/digests.hpp"

#include <algorithm>
#include <map>

#include "store/words.hpp"

namespace visitor::store {
namespace {

// Who did not come is noted for the midnight that ends the day.
constexpr auto kVisits = R"sql(
    SELECT count(*) FILTER (WHERE checked_in_at >= $2 AND checked_in_at < $3) AS arrivals,
           count(*) FILTER (WHERE checked_out_at >= $2 AND checked_out_at < $3 AND checked_out_how <> 'presumed')
             AS departures,
           count(*) FILTER (WHERE checked_out_at >= $2 AND checked_out_at < $3 AND checked_out_how = 'presumed')
             AS presumed,
           count(*) FILTER (WHERE status = 'NO_SHOW' AND ended_at > $2 AND ended_at <= $3) AS no_shows,
           count(*) FILTER (WHERE status = 'CANCELLED' AND ended_at >= $2 AND ended_at < $3) AS cancelled
      FROM visit
     WHERE site_id = $1 AND (checked_in_at >= $2 AND checked_in_at < $3 OR checked_out_at >= $2 AND checked_out_at < $3
                             OR ended_at >= $2 AND ended_at <= $3))sql";

constexpr auto kIncidents = R"sql(
    SELECT type, severity, count(*) AS count, count(*) FILTER (WHERE status IN ('new', 'investigating')) AS open
      FROM incident
     WHERE site_id = $1 AND detected_at >= $2 AND detected_at < $3
     GROUP BY type, severity)sql";

constexpr auto kPeople = R"sql(
    SELECT count(*) FILTER (WHERE status = 'CHECKED_IN') AS inside,
           count(*) FILTER (WHERE status = 'AWAITING' AND expected_from < $2) AS awaited
      FROM visit
     WHERE site_id = $1 AND status IN ('AWAITING', 'CHECKED_IN'))sql";

}  // namespace

PeriodFigures Digests::period(SiteId site, Instant from, Instant until) {
  const auto visits = tx_.row(kVisits, site, from, until);
  PeriodFigures figures;
  figures.arrivals = visits.get<std::int64_t>("arrivals");
  figures.departures = visits.get<std::int64_t>("departures");
  figures.presumed = visits.get<std::int64_t>("presumed");
  figures.no_shows = visits.get<std::int64_t>("no_shows");
  figures.cancelled = visits.get<std::int64_t>("cancelled");
  std::map<domain::IncidentType, std::int64_t> types;
  std::map<domain::Severity, std::int64_t, std::greater<>> severities;
  for (const auto& row : tx_.rows(kIncidents, site, from, until)) {
    const auto count = row.get<std::int64_t>("count");
    types[read_word<domain::IncidentType>(row, "type")] += count;
    severities[read_word<domain::Severity>(row, "severity")] += count;
    figures.incidents += count;
    figures.open += row.get<std::int64_t>("open");
  }
  figures.types.assign(types.begin(), types.end());
  std::ranges::stable_sort(figures.types, [](const auto& a, const auto& b) { return a.second > b.second; });
  figures.severities.assign(severities.begin(), severities.end());
  return figures;
}

std::pair<std::int64_t, std::int64_t> Digests::people(SiteId site, Instant until) {
  const auto row = tx_.row(kPeople, site, until);
  return {row.get<std::int64_t>("inside"), row.get<std::int64_t>("awaited")};
}

}  // namespace visitor::store
