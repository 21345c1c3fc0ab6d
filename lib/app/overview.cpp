#include "app/overview.hpp"

#include "core/zone.hpp"
#include "store/journal.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

// Of each count the part that an index finds; `today` has one row per site.
constexpr auto kVisits = R"sql(
    WITH today AS (
         SELECT n.site_id, n.first, n.next
           FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS n(site_id, first, next))
    SELECT (SELECT count(*) FROM visit WHERE status = 'CHECKED_IN') AS inside,
           (SELECT count(*)
              FROM visit v
              JOIN today t USING (site_id)
             WHERE v.status = 'AWAITING' AND v.expected_from < t.next AND v.expected_until > t.first) AS awaiting,
           (SELECT count(*)
              FROM visit v
              JOIN today t USING (site_id)
             WHERE v.checked_in_at >= t.first AND v.checked_in_at < t.next) AS checked_in,
           (SELECT count(*)
              FROM visit v
              JOIN today t USING (site_id)
             WHERE v.checked_out_at >= t.first AND v.checked_out_at < t.next
               AND v.checked_out_how <> 'presumed') AS checked_out,
           (SELECT count(*)
              FROM visit v
              JOIN today t USING (site_id)
             WHERE v.checked_out_at >= t.first AND v.checked_out_at < t.next
               AND v.checked_out_how = 'presumed') AS presumed_left)sql";

constexpr auto kOpenIncidents = R"sql(
    SELECT severity, count(*) AS count
      FROM incident
     WHERE status IN ('new', 'investigating')
     GROUP BY severity)sql";

constexpr auto kAllIncidents = R"sql(
    SELECT count(*) AS count FROM incident)sql";

constexpr auto kTerminals = R"sql(
    SELECT enabled, state, count(*) AS count, sum(event_count)::bigint AS events,
           coalesce(sum(backlog) FILTER (WHERE enabled), 0)::bigint AS backlog, max(last_event_at) AS last_event_at,
           max(last_answer_at) AS last_answer_at
      FROM terminal
     GROUP BY enabled, state)sql";

constexpr auto kHeld = R"sql(
    SELECT max(held_since) AS held_since FROM installation)sql";

void count_visits(const Work& work, Overview& overview) {
  std::vector<SiteId> sites;
  std::vector<Instant> firsts;
  std::vector<Instant> nexts;
  for (const auto& site : store::Sites{work.tx, work.scope}.list()) {
    const auto zone = Zone::named(site.time_zone);
    sites.push_back(site.id);
    firsts.push_back(zone.day_start(work.now));
    nexts.push_back(zone.day_end(work.now));
  }
  const auto row = work.tx.row(kVisits, sites, firsts, nexts);
  overview.inside = row.get<std::int64_t>("inside");
  overview.awaiting_today = row.get<std::int64_t>("awaiting");
  overview.checked_in_today = row.get<std::int64_t>("checked_in");
  overview.checked_out_today = row.get<std::int64_t>("checked_out");
  overview.presumed_left_today = row.get<std::int64_t>("presumed_left");
}

void count_incidents(const Work& work, Overview& overview) {
  for (const auto& row : work.tx.rows(kOpenIncidents)) {
    const auto severity = domain::get_named<domain::Severity>(row.get<std::string>("severity"));
    const auto count = row.get<std::int64_t>("count");
    overview.open_incidents.at(static_cast<std::size_t>(severity)) = count;
    overview.open_incidents_total += count;
  }
  overview.incidents_total = work.tx.row(kAllIncidents).get<std::int64_t>("count");
}

void count_terminals(const Work& work, Overview& overview) {
  for (const auto& row : work.tx.rows(kTerminals)) {
    const auto count = row.get<std::int64_t>("count");
    overview.events_total += row.get<std::int64_t>("events");
    overview.backlog += row.get<std::int64_t>("backlog");
    overview.last_event_at = std::max(overview.last_event_at, row.get<std::optional<Instant>>("last_event_at"));
    overview.last_received_at = std::max(overview.last_received_at, row.get<std::optional<Instant>>("last_answer_at"));
    if (!row.get<bool>("enabled")) {
      overview.terminals_disabled += count;
      continue;
    }
    const auto state = domain::get_named<domain::TerminalState>(row.get<std::string>("state"));
    overview.terminals.at(static_cast<std::size_t>(state)) = count;
    overview.terminals_enabled += count;
  }
}

}  // namespace

Overview overview(const Work& work) {
  Overview overview;
  count_visits(work, overview);
  count_incidents(work, overview);
  count_terminals(work, overview);
  overview.outbox = store::Alerts{work.tx, work.scope}.outbox(work.now);
  overview.cursor = store::JournalReader{work.tx}.cursor();
  overview.held_since = work.tx.row(kHeld).get<std::optional<Instant>>("held_since");
  return overview;
}

}  // namespace visitor::app
