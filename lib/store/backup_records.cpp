#include "store/backup_records.hpp"

namespace visitor::store {
namespace {

constexpr auto kStart = R"sql(
    INSERT INTO backup_run (backup, how, host, note, started_at)
         VALUES ($1, $2, $3, $4, $5)
      RETURNING id)sql";

// A run that was copied into its own backup is found running when that is restored.
constexpr auto kEnd = R"sql(
    UPDATE backup_run
       SET state = $2, message = $3, bytes = $4, clear_bytes = $5, row_count = $6, ended_at = $7
     WHERE backup = $1)sql";

constexpr auto kAddCopy = R"sql(
    INSERT INTO backup_copy (backup, target, started_at, ended_at, bytes)
         VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (backup, target) DO NOTHING)sql";

constexpr auto kVerified = R"sql(
    UPDATE backup_copy
       SET checked_at = $4, verified_at = $4, verified_level = $3, problem = '', removed_at = NULL
     WHERE backup = $1 AND target = $2)sql";

constexpr auto kFoundBad = R"sql(
    UPDATE backup_copy SET checked_at = $4, problem = $3 WHERE backup = $1 AND target = $2)sql";

constexpr auto kRestored = R"sql(
    UPDATE backup_copy SET restored_at = $4, restore_seconds = $3 WHERE backup = $1 AND target = $2)sql";

constexpr auto kKey = R"sql(
    INSERT INTO backup_key AS k (public_key, name, first_seen, proven_at)
         VALUES ($1, $2, $3, $4)
    ON CONFLICT (public_key) DO UPDATE
       SET name = CASE WHEN EXCLUDED.name = '' THEN k.name ELSE EXCLUDED.name END,
           proven_at = coalesce(EXCLUDED.proven_at, k.proven_at))sql";

constexpr auto kHoldBack = R"sql(
    UPDATE installation SET held_since = $1, held_why = $2 WHERE id = 1)sql";

constexpr auto kResume = R"sql(
    UPDATE installation SET held_since = NULL, held_why = '' WHERE id = 1 AND held_since IS NOT NULL)sql";

}  // namespace

std::int64_t BackupRecords::start(const Start& start, Instant now) {
  return tx_
      .row(kStart, start.backup, std::string_view{start.by_person ? "person" : "schedule"}, start.host, start.note, now)
      .get<std::int64_t>("id");
}

void BackupRecords::end(const std::string& backup, const End& end, Instant now) {
  tx_.exec(kEnd, backup, end.state, end.message, static_cast<std::int64_t>(end.bytes),
           static_cast<std::int64_t>(end.clear_bytes), end.rows, now);
}

void BackupRecords::add_copy(const NewCopy& copy) {
  tx_.exec(kAddCopy, copy.backup, copy.target, copy.started_at, copy.ended_at, static_cast<std::int64_t>(copy.bytes));
}

void BackupRecords::verified(const std::string& backup, std::string_view target, std::string_view level, Instant now) {
  tx_.exec(kVerified, backup, target, level, now);
}

void BackupRecords::found_bad(const std::string& backup, std::string_view target, const std::string& problem,
                              Instant now) {
  tx_.exec(kFoundBad, backup, target, problem, now);
}

void BackupRecords::restored(const std::string& backup, std::string_view target, int seconds, Instant now) {
  tx_.exec(kRestored, backup, target, seconds, now);
}

void BackupRecords::key(const std::string& public_key, const std::string& name, Instant now, bool proven) {
  tx_.exec(kKey, public_key, name, now, proven ? std::optional{now} : std::nullopt);
}

void BackupRecords::hold_back(const std::string& why, Instant now) {
  tx_.exec(kHoldBack, now, why);
}

bool BackupRecords::resume() {
  return tx_.exec(kResume) > 0;
}

}  // namespace visitor::store
