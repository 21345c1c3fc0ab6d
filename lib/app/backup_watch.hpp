#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/check.hpp"
#include "app/work.hpp"
#include "core/zone.hpp"
#include "store/backup_log.hpp"
#include "store/wal_state.hpp"

/// Whether there are backups that are known to restore. What is found is a check of health, gauges, the exit status of
/// 'backup status', and incidents.
namespace visitor::app {

class MetricsText;

/// What is looked at.
struct BackupFacts {
  std::vector<std::string> targets;       ///< that are configured; none: no backups are made
  std::vector<std::string> recipients;    ///< public keys that are configured
  std::vector<store::BackupRun> runs;     ///< newest first, enough of them
  std::vector<store::BackupCopy> copies;  ///< newest first
  std::vector<store::BackupKey> keys;
  // As [backup] has them.
  std::chrono::seconds max_age{};
  std::chrono::seconds verify_within{};
  std::chrono::seconds restore_within{};
  std::chrono::seconds prove_within{};

  /// Of the archive of the write-ahead log.
  struct Wal {
    std::optional<store::WalState> state;  ///< nothing: it was never kept
    std::chrono::seconds max_loss{};       ///< [backup.wal]
    std::chrono::seconds base_every{};
    std::int64_t max_behind = 0;
    int warn_free = 0;
  };
  std::optional<Wal> wal;  ///< nothing: [backup.wal] directory is not set
  bool embedded = true;    ///< the database is our own cluster
};
BackupFacts backup_facts(const Work& work);
/// What the configuration says of them alone.
BackupFacts configured_backup_facts(const config::Settings& settings);

/// Something about backups that is not as it should be. Names are stable; messages hold no address and no path.
///
/// | name       | status   | when                                                                                     |
/// |------------|----------|------------------------------------------------------------------------------------------|
/// | none       | critical | no good backup in [backup] max_age                                                       |
/// | failed     | warning  | the last run failed, was interrupted, or did not reach all targets                       |
/// | missing    | warning  | a configured target has no good backup in max_age                                        |
/// | small      | warning  | the newest backup has less than half the median size of up to 20 before it (5 at least)  |
/// | fast       | warning  | or took less than half their median time, where that is 10 s or more                     |
/// | broken     | warning  | the last look at a copy found it damaged or gone                                         |
/// | unverified | warning  | no copy was verified in [backup] verify_within                                           |
/// | unrestored | warning  | no copy was restored, for a trial or in earnest, in [backup] restore_within              |
/// | unproven   | warning  | a recipient has not proven in [backup] prove_within that he can read backups             |
/// | wal_stopped| warning  | the log has not been archived for two minutes, or nobody keeps the archive; critical     |
/// |            |          | after an hour                                                                            |
/// | wal_late   | warning  | the archive ends longer ago than three times [backup.wal] max_loss, and 15 minutes       |
/// | wal_behind | warning  | half of [backup.wal] max_behind waits for the archive; critical: four fifths             |
/// | wal_base   | warning  | there is no base backup for the log that is archived now, or it is a day too old         |
/// | wal_disk   | warning  | less of the archive's disk is free than [backup.wal] warn_free; critical: a quarter of it|
/// | wal_gap    | warning  | a segment is missing between others: there are moments that cannot be restored           |
struct BackupFinding {
  std::string name;
  CheckStatus status = CheckStatus::warning;
  std::string message;
  std::string figures;  ///< behind the message, as JSON: domain::backup_words says it in any language
  Instant since;        ///< the same as long as it lasts
};
/// In the order of the table; empty where all is well, and where nothing is configured.
std::vector<BackupFinding> assess_backups(const BackupFacts& facts, Instant now);

/// The check "backup": s since the newest good backup was begun. Unknown where neither a target nor an archive of the
/// log is configured.
Check backup_check(const BackupFacts& facts, Instant now);

/// "3-2-1: 3 copies (the database and 2 of the newest backup), 2 kinds of storage (file, s3), 1 elsewhere".
std::string three_two_one(const BackupFacts& facts);

/// "Point in time: from 2026-11-08 03:00:12 to 2026-11-22 14:05:00", or why not. A sentence without its full stop.
std::string point_in_time(const BackupFacts& facts, const Zone& zone);

/// The newest copy that no look has found broken and that was begun at or before \p until: of the newest backup that
/// has one a verified copy, if there is one.
std::optional<store::BackupCopy> newest_good(const BackupFacts& facts, std::optional<Instant> until = std::nullopt);

/// visitor_backup_…: nothing where no target is configured.
void add_backup_gauges(MetricsText& out, const BackupFacts& facts);

/// Opens an incident for each finding that is new, and resolves those whose finding has gone.
/// \returns how many were opened
int watch_backups(const Work& work);

}  // namespace visitor::app
