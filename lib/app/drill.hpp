#pragma once

#include "app/backups.hpp"

namespace visitor::app {

struct DrillResult {
  std::chrono::milliseconds restored_in{};  ///< from an empty disk to a database that can be used
  std::vector<std::string> problems;        ///< empty: it is as its manifest says, and works
};

/// Restores a backup into a throw-away cluster beside the state, compares every table's rows with the manifest, brings
/// the schema forward where it is older, looks at the house, and removes everything again, whatever happened. What an
/// earlier drill has left behind that was killed is removed first.
/// \throws Error conflict   another drill is under way on this machine
/// \throws Error integrity  the backup is damaged
/// \throws Error config     there is no PostgreSQL of that version here
DrillResult drill_restore(const BackupDesk& desk, archive::Target& target, const archive::Manifest& manifest,
                          const archive::PrivateKey& key);

}  // namespace visitor::app
