#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/instance.hpp"
#include "app/work.hpp"
#include "archive/backup.hpp"
#include "archive/contents.hpp"
#include "archive/target.hpp"
#include "config/settings_fwd.hpp"
#include "core/clock.hpp"
#include "domain/backup.hpp"

/// Backups as people and the schedule make and check them. Restoring: app/restore.hpp.
namespace visitor::app {

/// Who works on backups, and with what. Several transactions take part in each piece of work, so it is handed no open
/// one.
struct BackupDesk {
  Instance& instance;
  const Actor& actor;  ///< has an account where something is written
  const Clock& clock;
  std::stop_token stop = {};
  /// Called several times a second at most; may be empty.
  std::function<void(const archive::Progress&)> progress = {};
};

/// Those of [backup] targets, or of \p instead where that is not empty.
/// \param expected_bytes  as archive::TargetOptions has it, for what will be written
/// \throws Error usage  there are none, or one is no target's address
std::vector<std::unique_ptr<archive::Target>> open_backup_targets(const BackupDesk& desk,
                                                                  const std::vector<std::string>& instead = {},
                                                                  std::uint64_t expected_bytes = 0);

/// [backup] recipients. \throws Error config  one of them is no public key
std::vector<archive::PublicKey> backup_recipients(const config::Settings& settings);

/// The key that signs manifests in the name of this installation; made at the first use.
archive::SigningKey backup_signing_key(const config::Settings& settings);

/// How much the database takes on its disk: more than a compressed dump of it will have.
std::uint64_t database_bytes(db::Pool& pool);

struct NewBackup {
  std::vector<std::string> targets;  ///< instead of the configured ones; empty: those
  std::string note;
  bool by_person = true;
};

/// Makes a backup at every target; tables backup_run and backup_copy keep how it went.
/// \returns what was made; a target that failed is named in it, as long as there is one that did not
/// \throws Error usage, config, database, …  there is none; table backup_run says so, too
archive::BackupMade create_backup(const BackupDesk& desk, const NewBackup& order);

/// What stands at one target, with what this database knows of it.
struct BackupListed {
  archive::Stored stored;
  std::optional<Instant> verified_at = {};
  std::string verified_level = {};
  std::optional<Instant> restored_at = {};
  std::optional<int> restore_seconds = {};
  bool ours = true;  ///< signed by this installation
};

/// Everything at those targets, newest first. A target that does not answer is named in \p failures, and left out.
/// Needs no database: without one what only it knows is missing.
std::vector<BackupListed> list_stored_backups(const BackupDesk& desk,
                                              const std::vector<std::unique_ptr<archive::Target>>& targets,
                                              std::vector<std::string>& failures);

/// A backup at the first target that has it whole.
struct BackupFound {
  archive::Target* target = nullptr;
  archive::Manifest manifest;
};
/// \param id  its name, the beginning of one, or empty for the newest
/// \throws Error not_found  no target has it; says what was found instead
/// \throws Error usage      several begin like that
/// \throws Error integrity  it is there, and no good anywhere
BackupFound find_backup(const std::vector<std::unique_ptr<archive::Target>>& targets, const std::string& id);

using domain::VerifyLevel;

/// What a check of one copy found.
struct BackupVerified {
  std::string id;
  std::string target;
  VerifyLevel level = VerifyLevel::quick;
  std::string problem = {};  ///< empty: it is good
  std::uint64_t bytes = 0;
  std::int64_t tables = 0;
  std::int64_t rows = 0;
  std::chrono::milliseconds took{};
  std::optional<std::chrono::milliseconds> restored_in = {};  ///< of a drill: until the database could be used
};

struct VerifyOrder {
  VerifyLevel level = VerifyLevel::quick;
  const archive::PrivateKey* key = nullptr;  ///< needed unless quick
  bool sabotage = false;                     ///< a byte is flipped on the way; nothing is recorded then
};

/// Looks at one copy as deeply as asked, and records what was found. A problem of the copy is an answer; what keeps us
/// from looking is thrown.
/// \throws Error usage   the level needs a key
/// \throws Error denied  the key is none of those that can read it
BackupVerified verify_backup(const BackupDesk& desk, archive::Target& target, const archive::Manifest& manifest,
                             const VerifyOrder& order);

/// Whether there is a database of this installation that can be asked. Starts and makes none.
bool has_database(Instance& instance);

/// Runs \p work in a transaction on the database of this installation, if there is one that can be asked.
/// \returns whether it was
bool with_database_if_any(const BackupDesk& desk, const std::function<void(db::Transaction&)>& work);

/// Proves that \p key reads what this installation writes, and records when.
/// \throws Error denied  it is no recipient's
void prove_backup_key(const BackupDesk& desk, const archive::PrivateKey& key);

/// Lets [backup] recipients of now, and nobody else, read what there is: the keys of each backup are sealed anew, its
/// data stay as they are, and its manifest is signed by this installation.
/// \returns how many copies were changed
/// \throws Error denied  \p key cannot read one of them; those before it are changed
int rotate_backup_keys(const BackupDesk& desk, const std::vector<std::unique_ptr<archive::Target>>& targets,
                       const archive::PrivateKey& key);

/// Whether the database was restored and has not been told to go on; then since when and why.
struct HeldBack {
  Instant since;
  std::string why;
};
std::optional<HeldBack> held_back(const Work& work);
/// Lets a restored database act again.
/// \returns what it was held back for
/// \throws Error conflict  it does already
HeldBack resume_after_restore(const Work& work);

}  // namespace visitor::app
