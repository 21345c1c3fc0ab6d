#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "db/transaction.hpp"

namespace visitor::store {

/// How one making of a backup went.
struct BackupRun {
  std::string backup;  ///< its name at every target
  std::string state;   ///< running, done, partial (some target has none), failed, interrupted (stopped, or died)
  std::string host;
  std::string message;  ///< what went wrong, and at which target
  Instant started_at;
  std::optional<Instant> ended_at;
  std::int64_t bytes = 0;  ///< of one copy
};

/// One backup at one target, complete, that has not been removed.
struct BackupCopy {
  std::int64_t id = 0;
  std::string backup;
  std::string target;
  Instant started_at;
  Instant ended_at;
  std::int64_t bytes = 0;
  std::optional<Instant> verified_at;
  std::string verified_level;  ///< quick, full, restore; empty: never
  std::optional<Instant> restored_at;
  std::optional<int> restore_seconds;  ///< how long that took
  std::string problem;                 ///< what the last look found wrong; empty: nothing
  std::string held_reason;             ///< empty: not on hold
};

/// A key that backups are encrypted to.
struct BackupKey {
  std::string public_key;
  std::string name;
  std::optional<Instant> proven_at;  ///< the private half last read something
};

/// What is newer than a moment, and would be lost with a backup of it.
struct BackupLoss {
  std::int64_t events = 0;
  std::int64_t visits = 0;
  std::int64_t incidents = 0;
  std::int64_t changes = 0;  ///< rows of the audit chain
};

/// What the database knows of backups: tables backup_run, backup_copy and backup_key.
class BackupLog {
 public:
  explicit BackupLog(db::Transaction& tx) : tx_(tx) {}

  /// Newest first.
  std::vector<BackupRun> runs(int limit);
  /// Newest first, then by target.
  std::vector<BackupCopy> copies();
  /// By name.
  std::vector<BackupKey> keys();
  BackupLoss newer_than(Instant since, Instant until);

  /// Marks runs as interrupted whose program has died. Only for who has the turn.
  /// \returns how many
  int end_abandoned(Instant now);

  /// \returns the copies of that backup that were changed
  int hold(const std::string& backup, const std::string& reason, AccountId by, Instant now);
  int release(const std::string& backup);
  void removed(std::int64_t copy, Instant now);

  /// The turn to make or remove backups: of the session, until let_go() or its end. Never waits.
  bool take_turn();
  void let_go();
  /// Who has it, and since when, as the server knows them: "visitorctl (pid 42 of the server)".
  struct Holder {
    std::string name;
    std::optional<Instant> since;
  };
  std::optional<Holder> holder();

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
