#include "store/gaps.hpp"

#include "store/scoped.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO serial_gap (terminal_id, epoch, first_serial, last_serial, found_at)
    VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (terminal_id, epoch, first_serial) DO NOTHING
 RETURNING id)sql";

constexpr auto kOfState = R"sql(
    SELECT id, terminal_id, epoch, first_serial, last_serial, found_at, asked_at
      FROM serial_gap
     WHERE terminal_id = $1 AND state = $2
     ORDER BY id
     LIMIT $3)sql";

const std::string kList = R"sql(
    SELECT g.id, g.terminal_id, g.epoch, g.first_serial, g.last_serial, g.found_at, g.asked_at, g.state,
           t.name AS terminal_name, s.time_zone
      FROM serial_gap g
      JOIN terminal t ON t.id = g.terminal_id
      JOIN site s ON s.id = t.site_id
     WHERE ($1::bigint IS NULL OR g.terminal_id = $1) AND ($2 OR g.state <> 'filled'))sql" +
                          site_in_scope("t.site_id", 4) + R"sql(
     ORDER BY g.id DESC
     LIMIT $3)sql";

constexpr auto kCounts = R"sql(
    SELECT terminal_id,
           coalesce(sum(last_serial - first_serial + 1) FILTER (WHERE state = 'open'), 0)::bigint AS open,
           coalesce(sum(last_serial - first_serial + 1) FILTER (WHERE state = 'missing'), 0)::bigint AS missing
      FROM serial_gap
     WHERE state <> 'filled' AND found_at >= $1
     GROUP BY terminal_id
     ORDER BY terminal_id)sql";

constexpr auto kAsked = R"sql(
    UPDATE serial_gap SET asked_at = $2 WHERE id = $1)sql";

constexpr auto kEnd = R"sql(
    UPDATE serial_gap SET state = $2 WHERE id = $1 AND state = 'open')sql";

Gap to_gap(const db::Row& row) {
  return {row.get<GapId>("id"),
          row.get<TerminalId>("terminal_id"),
          row.get<int>("epoch"),
          row.get<std::int64_t>("first_serial"),
          row.get<std::int64_t>("last_serial"),
          row.get<Instant>("found_at"),
          row.get<std::optional<Instant>>("asked_at")};
}

std::vector<Gap> to_gaps(const db::Rows& rows) {
  std::vector<Gap> gaps;
  gaps.reserve(rows.size());
  for (const auto& row : rows) gaps.push_back(to_gap(row));
  return gaps;
}

}  // namespace

std::optional<GapId> Gaps::add(TerminalId terminal, int epoch, std::int64_t first, std::int64_t last, Instant now) {
  if (const auto row = tx_.maybe_row(kAdd, terminal, epoch, first, last, now)) return row->get<GapId>("id");
  return std::nullopt;
}

std::vector<Gap> Gaps::open(TerminalId terminal, int limit) {
  return to_gaps(tx_.rows(kOfState, terminal, "open", limit));
}

std::vector<Gap> Gaps::missing(TerminalId terminal, int limit) {
  return to_gaps(tx_.rows(kOfState, terminal, "missing", limit));
}

std::vector<GapListed> Gaps::list(std::optional<TerminalId> terminal, bool filled, int limit) {
  std::vector<GapListed> gaps;
  for (const auto& row : tx_.rows(kList, terminal, filled, limit, scope_.sites()))
    gaps.push_back({to_gap(row), row.get<std::string>("state"), row.get<std::string>("terminal_name"),
                    row.get<std::string>("time_zone")});
  return gaps;
}

std::vector<GapCount> Gaps::counts(Instant since) {
  std::vector<GapCount> counts;
  for (const auto& row : tx_.rows(kCounts, since))
    counts.push_back(
        {row.get<TerminalId>("terminal_id"), row.get<std::int64_t>("open"), row.get<std::int64_t>("missing")});
  return counts;
}

void Gaps::mark_asked(GapId id, Instant now) {
  tx_.exec(kAsked, id, now);
}

void Gaps::mark_filled(GapId id) {
  tx_.exec(kEnd, id, "filled");
}

void Gaps::mark_missing(GapId id) {
  tx_.exec(kEnd, id, "missing");
}

}  // namespace visitor::store
