#pragma once

#include "app/backups.hpp"
#include "app/second_factors.hpp"

namespace visitor::app {

struct RestoreOrder {
  const archive::PrivateKey* key = nullptr;
  /// "embedded": the private PostgreSQL of this installation; else a connection string.
  std::string to;
  /// What the database holds is put aside under another name. Without it a database that holds anything is refused.
  bool replace = false;
};

/// Where a restore would go, and what is there.
struct RestorePlace {
  Secret conninfo;
  std::string database;
  std::int64_t tables = 0;  ///< that it holds now
  /// What its accounts say of the one of the actor's login, who is about to put it aside.
  StepUpNeed step_up = StepUpNeed::none;
};
/// Looks at what is there.
RestorePlace look_at_place(const Secret& conninfo, std::string_view login);

/// Looks, and changes nothing but starting the embedded database.
/// \throws Error conflict  it holds something, and \p order does not say to replace it
/// \throws Error config    the backup was made by a later version of visitor, or of a later PostgreSQL than is there
RestorePlace look_at_restore(const BackupDesk& desk, const archive::Manifest& manifest, const RestoreOrder& order);

struct Restored {
  std::string id;
  std::string database;
  std::string put_aside;  ///< new name of what was there before; empty: nothing was
  int schema_before = 0;  ///< in the backup
  int schema_after = 0;   ///< once it was brought forward
  std::int64_t rows = 0;
  bool key_written = false;              ///< there was no master key here: the backup's is there now
  int resealed = 0;                      ///< secrets that were sealed anew with the master key of this machine
  std::vector<std::string> differences;  ///< from what was there before; a line for each table
  std::chrono::milliseconds took{};
};

/// Restores a backup: in one transaction, all of it or nothing; then the schema is brought forward, secrets are sealed
/// with the master key of this machine where that is another, and everything that the database would do by itself is
/// held back until 'visitorctl resume'.
///
/// Where something is replaced, the restored database stands complete beside it before the two change names.
/// \throws Error integrity  the backup is damaged: nothing was changed
/// \throws Error denied     the key cannot read it
/// \throws Error database   the server refused: nothing was changed, except that a database may have been put aside
Restored restore_backup(const BackupDesk& desk, archive::Target& target, const archive::Manifest& manifest,
                        const RestoreOrder& order, const RestorePlace& place);

}  // namespace visitor::app
