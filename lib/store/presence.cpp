#include "store/presence.hpp"

namespace visitor::store {
namespace {

constexpr auto kTakeTurn = R"sql(
    SELECT pg_try_advisory_xact_lock(hashtext('visitor_job'), hashtext($1)) AS taken)sql";

constexpr auto kLastEntries = R"sql(
    SELECT v.id, max(e.occurred_at) AS entered_at
      FROM visit v
      JOIN access_event e ON e.guest_id = v.guest_id AND e.occurred_at >= v.checked_in_at
      JOIN terminal t ON t.id = e.terminal_id AND t.site_id = v.site_id
     WHERE v.id = ANY($1)
       AND e.class = 'granted' AND e.direction = 'entry' AND e.time_source <> 'received'
     GROUP BY v.id)sql";

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
