#pragma once

#include <string>
#include <vector>

#include "app/work.hpp"
#include "archive/retention.hpp"
#include "core/clock.hpp"
#include "db/pool.hpp"
#include "store/backup_log.hpp"

/// What goes when, as [backup] keep_… says. \see archive/retention.hpp
namespace visitor::app {

archive::Policy policy_of(const config::Settings& settings);

archive::Copy to_archive(const store::BackupCopy& copy);

/// A copy, and what becomes of it.
struct PruneItem {
  store::BackupCopy copy;
  archive::Verdict verdict;
  std::string failure = {};  ///< why it could not be removed; empty where it could, or was not to be
};

/// Newest first.
std::vector<PruneItem> plan_prune(const Work& work, const archive::Policy& policy);

/// What plan_prune() would leave on a future day. \see archive::simulate
/// \throws Error usage  \p until is past, or too far off
archive::Simulation simulate_prune(const Work& work, const archive::Policy& policy, Instant until);

/// Refuses a policy that would leave no verified copy within three years, were checks to stop.
/// \throws Error config  says when
void check_policy(const archive::Simulation& simulation, const Zone& zone);

/// Removes what the plan says, in its turn (BackupTurn): of each copy first the manifest, so that what is left of it
/// never looks complete, and notes each in the database right after. What fails goes on with the next.
/// \throws Error conflict  backups are being made or removed right now
/// \throws Error config    as check_policy
std::vector<PruneItem> prune(db::Pool& pool, const config::Settings& settings, const Clock& clock, const Actor& actor,
                             const archive::Policy& policy);

/// Keeps every copy of a backup, whatever the policy says, until release_backup().
/// \param reason  1 to 500 characters
/// \returns how many copies
/// \throws Error not_found  there is no copy of that backup
int hold_backup(const Work& work, const std::string& backup, const std::string& reason);
/// \throws Error not_found  there is no copy of that backup on hold
int release_backup(const Work& work, const std::string& backup);

}  // namespace visitor::app
