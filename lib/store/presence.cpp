#include "store/presence.hpp"

namespace visitor::store {
namespace {

constexpr auto kTakeTurn = R"sql(
    SELECT pg_try_advisory_xact_lock(hashtext('visitor_job'), hashtext($1)) AS taken)sql";

constexpr auto kLastEntries = R"sql(
    SELECT id, max(at) AS entered_at
      FROM (SELECT v.id, e.occurred_at AS at
              FROM visit v
              JOIN access_event e ON e.guest_id = ANY(ARRAY(SELECT m.id FROM guest_and_merged(ARRAY[v.guest_id]) m))
                                 AND e.occurred_at >= v.checked_in_at
              JOIN terminal t ON t.id = e.terminal_id AND t.site_id = v.site_id
             WHERE v.id = ANY($1)
               AND e.class = 'granted' AND e.direction = 'entry' AND e.time_source <> 'received'
             UNION ALL
            SELECT visit_id, happened_at
              FROM visit_action
             WHERE visit_id = ANY($1) AND kind = 'reopen') AS n
     GROUP BY id)sql";

}  // namespace

bool Presence::take_turn(std::string_view job) {
  return tx_.row(kTakeTurn, job).get<bool>("taken");
}

std::map<VisitId, Instant> Presence::last_entries(std::span<const VisitId> visits) {
  std::map<VisitId, Instant> entries;
  if (visits.empty()) return entries;
  for (const auto& row : tx_.rows(kLastEntries, visits))
    entries.emplace(row.get<VisitId>("id"), row.get<Instant>("entered_at"));
  return entries;
}

}  // namespace visitor::store
