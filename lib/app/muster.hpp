#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/json_writer.hpp"
#include "app/work.hpp"
#include "config/settings.hpp"
#include "core/vault.hpp"
#include "domain/roll_call.hpp"

/// The roll call after an evacuation, from the database or, when that is away, from the last snapshot of it.
namespace visitor::app {

/// Everybody inside now, and who is presumed to have left.
domain::RollCall roll_call(const Work& work, std::optional<SiteId> site = {});

/// For a program on another machine that prints it: the entries in their order, each with all that it says.
void write(JsonWriter& json, const domain::RollCall& roll);

/// What a snapshot file holds: a line "visitor-muster 1 <bytes> <signature>", then so many bytes of JSON. The signature
/// is a keyed BLAKE2b-256 of the JSON with a key that only the master key gives (Vault::sign, label "muster.snapshot").
std::string to_snapshot(const domain::RollCall& roll, const Vault& vault);

/// \param name  of the file, for messages
/// \throws Error integrity  it is no snapshot, was cut off, was changed, or was signed with another key; which of
///                          these is said as far as it can be known
domain::RollCall read_snapshot(std::string_view content, const Vault& vault, const std::string& name);

/// The folder of snapshots: "muster" in the state directory. Each machine writes its own file, "<machine>.snapshot".
std::filesystem::path snapshot_folder(const config::Settings& settings);

/// Replaces this machine's snapshot in one step; readable by its owner and group.
/// \throws Error config  it cannot be written
void write_snapshot(const config::Settings& settings, domain::RollCall roll, const Vault& vault);

struct NewestSnapshot {
  domain::RollCall roll;
  std::filesystem::path file;
  std::vector<std::string> refused;  ///< what is wrong with other files, a line each
};
/// The newest snapshot that any machine has written here.
/// \throws Error not_found  there is none
/// \throws Error config     the master key or the snapshots cannot be read
/// \throws Error integrity  none of them can be trusted
NewestSnapshot newest_snapshot(const config::Settings& settings);

}  // namespace visitor::app
