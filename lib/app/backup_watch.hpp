#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/check.hpp"
#include "app/work.hpp"
#include "store/backup_log.hpp"

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
struct BackupFinding {
  std::string name;
  CheckStatus status = CheckStatus::warning;
  std::string message;
  std::string figures;  ///< behind the message, as JSON: domain::backup_words says it in any language
  Instant since;        ///< the same as long as it lasts
};
/// In the order of the table; empty where all is well, and where no target is configured.
std::vector<BackupFinding> assess_backups(const BackupFacts& facts, Instant now);

/// The check "backup": s since the newest good backup was begun. Unknown where no target is configured.
Check backup_check(const BackupFacts& facts, Instant now);

/// "3-2-1: 3 copies (the database and 2 of the newest backup), 2 kinds of storage (file, s3), 1 elsewhere".
std::string three_two_one(const BackupFacts& facts);

/// The newest copy that no look has found broken and that was begun at or before \p until: of the newest backup that
/// has one a verified copy, if there is one.
std::optional<store::BackupCopy> newest_good(const BackupFacts& facts, std::optional<Instant> until = std::nullopt);

/// visitor_backup_…: nothing where no target is configured.
void add_backup_gauges(MetricsText& out, const BackupFacts& facts);

/// Opens an incident for each finding that is new, and resolves those whose finding has gone.
/// \returns how many were opened
int watch_backups(const Work& work);

}  // namespace visitor::app
