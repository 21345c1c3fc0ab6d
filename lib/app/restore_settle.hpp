#pragma once

#include <string>

#include "app/restore.hpp"
#include "db/connection.hpp"

namespace visitor::app {

/// Makes a database that was just restored one of this machine that waits for a word: its schema is brought forward,
/// the master key of \p manifest is put in place or secrets are sealed anew, and nothing is done by itself until
/// 'visitorctl resume'.
/// \param why       what the database was restored from, for people
/// \param restored  is told what was done
/// \throws Error integrity  the master key does not belong to the database
void settle_restored(const BackupDesk& desk, const archive::Manifest& manifest, const archive::PrivateKey& key,
                     const std::string& why, db::Connection& connection, Restored& restored);

}  // namespace visitor::app
