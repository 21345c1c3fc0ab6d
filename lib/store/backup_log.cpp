#include "store/backup_log.hpp"

namespace visitor::store {
namespace {

constexpr auto kRuns = R"sql(
    SELECT backup, state, host, message, started_at, ended_at, bytes
      FROM backup_run
     ORDER BY started_at DESC, id DESC
     LIMIT $1)sql";

constexpr auto kCopies = R"sql(
    SELECT id, backup, target, started_at, ended_at, bytes, verified_at, coalesce(verified_level, '') AS verified_level,
           restored_at, restore_seconds, problem, held_reason
      FROM backup_copy
     WHERE removed_at IS NULL
     ORDER BY started_at DESC, backup DESC, target)sql";

constexpr auto kKeys = R"sql(
    SELECT public_key, name, proven_at FROM backup_key ORDER BY name, public_key)sql";

// Events of terminals that were away for more than a month may be missed; their partitions are not looked into.
constexpr auto kNewer = R"sql(
    SELECT (SELECT count(*) FROM access_event
             WHERE received_at > $1 AND received_at <= $2 AND occurred_at > $1::timestamptz - interval '31 days') AS events,
           (SELECT count(*) FROM audit
             WHERE at > $1 AND at <= $2 AND topic = 'visit' AND action = 'create') AS visits,
           (SELECT count(*) FROM incident WHERE detected_at > $1 AND detected_at <= $2) AS incidents,
           (SELECT count(*) FROM audit WHERE at > $1 AND at <= $2) AS changes)sql";

constexpr auto kEndAbandoned = R"sql(
    UPDATE backup_run
       SET state = 'interrupted', ended_at = $1, message = 'the program ended in the middle of it'
     WHERE state = 'running')sql";

constexpr auto kHold = R"sql(
    UPDATE backup_copy SET held_reason = $2, held_by = $3, held_at = $4 WHERE backup = $1 AND removed_at IS NULL)sql";

constexpr auto kRelease = R"sql(
    UPDATE backup_copy
       SET held_reason = '', held_by = NULL, held_at = NULL
     WHERE backup = $1 AND removed_at IS NULL AND held_reason <> '')sql";

constexpr auto kRemoved = R"sql(
    UPDATE backup_copy SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL)sql";

constexpr auto kTakeTurn = R"sql(
    SELECT pg_try_advisory_lock(hashtext('visitor_backup'), 0) AS taken)sql";

constexpr auto kLetGo = R"sql(
    SELECT pg_advisory_unlock(hashtext('visitor_backup'), 0) AS done)sql";

constexpr auto kHolder = R"sql(
    SELECT coalesce(a.application_name, '') AS name, l.pid, a.state_change AS since
      FROM pg_locks l
      LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.classid = (hashtext('visitor_backup')::bigint & 4294967295)::oid AND l.objid = 0
     LIMIT 1)sql";

}  // namespace

std::vector<BackupRun> BackupLog::runs(int limit) {
  std::vector<BackupRun> runs;
  for (const auto& row : tx_.rows(kRuns, limit))
    runs.push_back({row.get<std::string>("backup"), row.get<std::string>("state"), row.get<std::string>("host"),
                    row.get<std::string>("message"), row.get<Instant>("started_at"),
                    row.get<std::optional<Instant>>("ended_at"), row.get<std::int64_t>("bytes")});
  return runs;
}

std::vector<BackupCopy> BackupLog::copies() {
  std::vector<BackupCopy> copies;
  for (const auto& row : tx_.rows(kCopies)) {
    auto& copy = copies.emplace_back();
    copy.id = row.get<std::int64_t>("id");
    copy.backup = row.get<std::string>("backup");
    copy.target = row.get<std::string>("target");
    copy.started_at = row.get<Instant>("started_at");
    copy.ended_at = row.get<Instant>("ended_at");
    copy.bytes = row.get<std::int64_t>("bytes");
    copy.verified_at = row.get<std::optional<Instant>>("verified_at");
    copy.verified_level = row.get<std::string>("verified_level");
    copy.restored_at = row.get<std::optional<Instant>>("restored_at");
    copy.restore_seconds = row.get<std::optional<int>>("restore_seconds");
    copy.problem = row.get<std::string>("problem");
    copy.held_reason = row.get<std::string>("held_reason");
  }
  return copies;
}

std::vector<BackupKey> BackupLog::keys() {
  std::vector<BackupKey> keys;
  for (const auto& row : tx_.rows(kKeys))
    keys.push_back({row.get<std::string>("public_key"), row.get<std::string>("name"),
                    row.get<std::optional<Instant>>("proven_at")});
  return keys;
}

BackupLoss BackupLog::newer_than(Instant since, Instant until) {
  const auto row = tx_.row(kNewer, since, until);
  return {row.get<std::int64_t>("events"), row.get<std::int64_t>("visits"), row.get<std::int64_t>("incidents"),
          row.get<std::int64_t>("changes")};
}

int BackupLog::end_abandoned(Instant now) {
  return static_cast<int>(tx_.exec(kEndAbandoned, now));
}

int BackupLog::hold(const std::string& backup, const std::string& reason, AccountId by, Instant now) {
  return static_cast<int>(tx_.exec(kHold, backup, reason, by, now));
}

int BackupLog::release(const std::string& backup) {
  return static_cast<int>(tx_.exec(kRelease, backup));
}

void BackupLog::removed(std::int64_t copy, Instant now) {
  tx_.exec(kRemoved, copy, now);
}

bool BackupLog::take_turn() {
  return tx_.row(kTakeTurn).get<bool>("taken");
}

void BackupLog::let_go() {
  tx_.row(kLetGo);
}

std::optional<BackupLog::Holder> BackupLog::holder() {
  const auto row = tx_.maybe_row(kHolder);
  if (!row) return std::nullopt;
  return Holder{row->get<std::string>("name"), row->get<std::optional<Instant>>("since")};
}

}  // namespace visitor::store
