#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/backup_watch.hpp"
#include "app/backups.hpp"
#include "archive/record.hpp"

/// What is known of backups on the day on which there is no database.
namespace visitor::app {

/// What the database knows now.
archive::Record backup_record(db::Transaction& tx, Instant now);

/// Keeps that in the state directory, signed; after each change. What goes wrong is logged, and fails nothing.
void keep_backup_record(const config::Settings& settings, db::Pool& pool, Instant now);

/// The facts without a database: what the targets say themselves, and the newest record that can be had, out of the
/// state directory or a manifest.
struct SurvivingFacts {
  BackupFacts facts;                ///< without runs
  std::optional<Instant> known_at;  ///< of checks, restores and keys; nothing: nothing is known of them
  std::vector<std::string> silent;  ///< targets that do not answer, and why
};
SurvivingFacts surviving_facts(const BackupDesk& desk);

}  // namespace visitor::app
