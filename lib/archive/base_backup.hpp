#pragma once

#include <stop_token>
#include <string>

#include "archive/manifest.hpp"
#include "archive/target.hpp"
#include "archive/wal_segment.hpp"
#include "core/secret.hpp"

namespace visitor::archive {

struct BaseOrder {
  std::string id;  ///< make_backup_id()
  Secret conninfo;
  Target* target = nullptr;
  WalSeal seal;
  Secret master_key;  ///< sealed to the recipients, like the data key
  std::string host;
  const Clock* clock = nullptr;
  std::stop_token stop = {};
};

/// Makes a base backup: the files of the cluster from pg_basebackup as one tar, compressed and sealed, with nothing in
/// between on a disk; reads it back; then writes the manifest, which makes it count. Constant memory. The segments that
/// belong to it are archived by whoever archives all of them.
///
/// \throws Error database  pg_basebackup failed
/// \throws Error           what the target throws
Manifest make_base_backup(const BaseOrder& order);

}  // namespace visitor::archive
