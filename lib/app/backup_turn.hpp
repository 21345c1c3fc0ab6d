#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/work.hpp"
#include "config/settings_fwd.hpp"
#include "core/clock.hpp"
#include "core/zone.hpp"
#include "db/pool.hpp"
#include "store/backup_log.hpp"

/// Who makes the backup, and when: cron, systemd's timer, visitord and people together make one a night.
namespace visitor::app {

/// The zone of schedule and retention: [backup] time_zone, else that of the first site, else UTC.
Zone backup_zone(const Work& work);

/// The newest moment up to \p now at which a backup fell due, and the first one after it.
Instant backup_due_since(const config::Settings& settings, const Zone& zone, Instant now);
Instant next_backup_after(const config::Settings& settings, const Zone& zone, Instant now);

/// Whether a backup is to be made now: none has been since it fell due, and the last try, if there was one, failed at
/// least half an hour ago. What was interrupted is tried again at once, three times; then that counts as a failure,
/// too. Nothing is due where no target is configured, and in a database that was restored and waits for 'visitorctl
/// resume'.
bool backup_is_due(const Work& work);
/// The same from \p runs, newest first, of a database that may act.
bool backup_is_due(const config::Settings& settings, const Zone& zone, const std::vector<store::BackupRun>& runs,
                   Instant now);

/// The right to make or remove backups, which one program at a time has of all on a database. Held by a session of its
/// own, so that it ends with the program however that ends.
class BackupTurn {
 public:
  /// Runs that were begun and whose program has died are marked as interrupted.
  /// \throws Error conflict  somebody else has it; says who, and since when
  BackupTurn(db::Pool& pool, Instant now);
  /// Nothing where somebody else has it.
  static std::optional<BackupTurn> take(db::Pool& pool, Instant now);
  ~BackupTurn();
  BackupTurn(BackupTurn&&) noexcept = default;
  BackupTurn& operator=(BackupTurn&&) = delete;

 private:
  explicit BackupTurn(std::unique_ptr<db::Pool::Lease> session) : session_(std::move(session)) {}

  std::unique_ptr<db::Pool::Lease> session_;
};

enum class BackupOutcome {
  made,
  not_due,
  somebody_else,  ///< is at it right now
};

struct BackupCall {
  bool if_due = false;  ///< look first whether one is due, and leave it to whoever is at it
  bool tell = true;     ///< [backup] ping_url_file how it goes
};

/// Makes a backup in its turn.
///
/// \param make  does the work, and keeps its row of backup_run
/// \throws Error conflict  somebody else is at it, without \p call.if_due
/// \throws  what \p make throws
BackupOutcome run_backup(db::Pool& pool, const config::Settings& settings, const Clock& clock, const BackupCall& call,
                         const std::function<void()>& make);

}  // namespace visitor::app
