#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/restore.hpp"
#include "archive/wal_archive.hpp"

namespace visitor::app {

struct RestoreAtOrder {
  const archive::PrivateKey* key = nullptr;
  Instant at;
  std::string from;      ///< "file:///…", instead of [backup.wal] directory; empty: that
  bool replace = false;  ///< the data of an embedded database that holds something are put aside
};

/// What a restore of a moment would use, and what is in its place.
struct RestoreAtPlan {
  std::unique_ptr<archive::Target> archive;
  archive::Stretch stretch;
  std::vector<std::string> taken;  ///< timelines that the archive has, from the one after the base's to the newest
  RestorePlace place;              ///< as far as it can be looked at
  bool exists = false;             ///< there is an embedded cluster
  std::string broken;              ///< why it cannot be used as it is; empty: it can
};

/// Looks, and changes nothing but starting the embedded database where there is one.
/// \throws Error not_found  the archive does not reach that moment; says which ones it does
/// \throws Error conflict   the embedded database holds something or cannot be started, and \p order does not say to
///                          replace it
/// \throws Error config     [database] names another server; the base was made by a later version of visitor
/// \throws Error denied     the key cannot read the base
RestoreAtPlan look_at_restore_at(const BackupDesk& desk, const RestoreAtOrder& order);

/// Restores the embedded database as it was at that moment: a base backup and the log that was written since, recovered
/// in a cluster beside the present one, which it then replaces; all of it, or nothing. Every segment is opened and held
/// against its seal before the recovery begins, and what comes out is read once. Then as restore_backup().
/// Restored::put_aside is the folder with the data of before.
/// \throws Error integrity, not_found  a segment is damaged, or is not there: nothing was changed
/// \throws Error database   the recovery did not get to that moment: nothing was changed
/// \throws Error conflict   somebody uses the present database: nothing was changed
Restored restore_at(const BackupDesk& desk, const RestoreAtPlan& plan, const RestoreAtOrder& order);

}  // namespace visitor::app
