#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "archive/keys.hpp"
#include "archive/manifest.hpp"
#include "archive/target.hpp"
#include "core/error.hpp"
#include "core/secret.hpp"
#include "db/connection.hpp"

namespace visitor::archive {

/// How far a run is.
struct Progress {
  std::uint64_t read = 0;     ///< bytes of the dump
  std::uint64_t written = 0;  ///< bytes for each target
};

struct BackupOrder {
  std::string id;  ///< make_backup_id()
  Secret conninfo;
  std::vector<Target*> targets;       ///< one or more
  std::vector<PublicKey> recipients;  ///< one or more
  Secret master_key;                  ///< sealed to the recipients, like the data key
  const SigningKey* signer = nullptr;
  std::string host;
  std::string note;
  Record known = {};  ///< of earlier backups: kept in the manifest
  const Clock* clock = nullptr;
  std::stop_token stop = {};
  std::function<void(const Progress&)> progress = {};  ///< called several times a second at most
};

struct CopyMade {
  std::string target;
  std::optional<Error> failure;
};

struct BackupMade {
  Manifest manifest;
  std::vector<CopyMade> copies;  ///< in the order of the targets; at least one without a failure
};

/// Makes one backup of one moment: pg_dump of an exported snapshot, compressed, encrypted, and written to all targets
/// at once, with nothing in between on a disk; then the manifest, which makes it count. Constant memory.
///
/// \throws Error usage     there is no target, or nobody who could read it
/// \throws Error database  the database or pg_dump failed
/// \throws Error           what the last target has thrown, where none has the backup; none lists it as whole then
BackupMade make_backup(const BackupOrder& order);

}  // namespace visitor::archive
