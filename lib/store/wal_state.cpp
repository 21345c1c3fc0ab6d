#include "store/wal_state.hpp"

namespace visitor::store {
namespace {

constexpr auto kFind = R"sql(
    SELECT looked_at, chain_from, reaches, oldest_at, base_at, bytes, free_bytes, disk_bytes, behind_bytes,
           failing_since, failure, gap, gap_since, low_since, behind_since
      FROM wal_archive
     WHERE id = 1)sql";

constexpr auto kSave = R"sql(
    INSERT INTO wal_archive (id, looked_at, chain_from, reaches, oldest_at, base_at, bytes, free_bytes, disk_bytes,
                             behind_bytes, failing_since, failure, gap, gap_since, low_since, behind_since)
    VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (id) DO UPDATE
       SET looked_at = $1, chain_from = $2, reaches = $3, oldest_at = $4, base_at = $5, bytes = $6, free_bytes = $7,
           disk_bytes = $8, behind_bytes = $9, failing_since = $10, failure = $11, gap = $12, gap_since = $13,
           low_since = $14, behind_since = $15)sql";

constexpr auto kForget = "DELETE FROM wal_archive";

constexpr auto kTakeTurn = "SELECT pg_try_advisory_lock(hashtext('visitor_wal'), 0) AS taken";

}  // namespace

std::optional<WalState> WalStates::find() {
  const auto row = tx_.maybe_row(kFind);
  if (!row) return std::nullopt;
  return WalState{row->get<Instant>("looked_at"),
                  row->get<Instant>("chain_from"),
                  row->get<std::optional<Instant>>("reaches"),
                  row->get<std::optional<Instant>>("oldest_at"),
                  row->get<std::optional<Instant>>("base_at"),
                  row->get<std::int64_t>("bytes"),
                  row->get<std::int64_t>("free_bytes"),
                  row->get<std::int64_t>("disk_bytes"),
                  row->get<std::int64_t>("behind_bytes"),
                  row->get<std::optional<Instant>>("failing_since"),
                  row->get<std::string>("failure"),
                  row->get<std::string>("gap"),
                  row->get<std::optional<Instant>>("gap_since"),
                  row->get<std::optional<Instant>>("low_since"),
                  row->get<std::optional<Instant>>("behind_since")};
}

void WalStates::save(const WalState& state) {
  tx_.exec(kSave, state.looked_at, state.chain_from, state.reaches, state.oldest_at, state.base_at, state.bytes,
           state.free_bytes, state.disk_bytes, state.behind_bytes, state.failing_since, state.failure, state.gap,
           state.gap_since, state.low_since, state.behind_since);
}

void WalStates::forget() {
  tx_.exec(kForget);
}

bool WalStates::take_turn() {
  return tx_.row(kTakeTurn).get<bool>("taken");
}

}  // namespace visitor::store
