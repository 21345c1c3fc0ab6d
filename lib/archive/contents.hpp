#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archive/bytes.hpp"
#include "archive/keys.hpp"
#include "archive/manifest.hpp"
#include "archive/target.hpp"

namespace visitor::archive {

/// What stands at a target under the name of a backup.
struct Stored {
  enum class State : std::uint8_t {
    whole,       ///< manifest and data are there, and fit each other as far as can be told without reading the data
    incomplete,  ///< without a manifest: a run that is going on or was cut off
    damaged,     ///< it cannot be a good backup; problem says why
  };
  std::string id;
  std::string target;
  State state = State::incomplete;
  std::string problem;
  std::uint64_t bytes = 0;  ///< of all its objects
  Instant modified;         ///< when the last of them came
  std::optional<Manifest> manifest;
};

/// Everything at \p target, newest first; objects that are none of a backup's are left out.
std::vector<Stored> list_backups(Target& target);

/// Removes what runs have left behind that were cut off: data without a manifest that are older than \p before.
/// \returns how many backups that was
std::size_t clear_incomplete(Target& target, Instant before);

/// \throws Error not_found  there is no manifest of \p id
/// \throws Error integrity  it is damaged, or of another backup
Manifest fetch_manifest(Target& target, const std::string& id);

/// The key of the data.
/// \throws Error denied  \p key is none of those that can read the backup
Secret open_data_key(const Manifest& manifest, const PrivateKey& key);
/// The master key of the installation that was backed up.
Secret open_master_key(const Manifest& manifest, const PrivateKey& key);

/// The dump inside of a backup as it was written: decrypted, decompressed, and held against the manifest at its end.
class DumpOfBackup final : public Source {
 public:
  DumpOfBackup(Target& target, const Manifest& manifest, const PrivateKey& key);
  ~DumpOfBackup() override;
  /// \throws Error integrity  something is not as it was written. What was handed out before that is as it was, and may
  ///                          not be all
  std::size_t read(std::span<std::byte> to) override;

 private:
  struct Chain;
  std::unique_ptr<Chain> chain_;
};

/// Reads the encrypted bytes and holds them against the manifest. Needs no key.
/// \param seen  called with how many bytes were read so far; may be empty
/// \throws Error integrity
void check_bytes(Target& target, const Manifest& manifest, const std::function<void(std::uint64_t)>& seen = {});

/// Decrypts and reads everything, and holds every table's rows against the manifest.
/// \throws Error integrity  names what differs
void check_contents(Target& target, const Manifest& manifest, const PrivateKey& key,
                    const std::function<void(std::uint64_t)>& seen = {});

}  // namespace visitor::archive
