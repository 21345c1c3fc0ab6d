#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/dump_reader.hpp"
#include "archive/keys.hpp"
#include "archive/record.hpp"
#include "core/instant.hpp"

namespace visitor::archive {

/// What a backup is, and how each byte of it can be checked. The object "<id>/manifest.json"; written last, so that a
/// backup without one is known to be incomplete.
struct Manifest {
  /// An object beside the manifest.
  struct Part {
    std::string name;              ///< "data"
    std::uint64_t size = 0;        ///< of the object: encrypted
    std::string blake2b;           ///< of the object
    std::uint64_t clear_size = 0;  ///< of the dump
  };
  /// Who can read it.
  struct Recipient {
    std::string public_key;
    std::vector<std::byte> data_key;    ///< sealed
    std::vector<std::byte> master_key;  ///< sealed
  };

  /// Of a base backup: the files of a cluster, which the write-ahead log brings to any later moment.
  struct Wal {
    std::string system;  ///< identifier of the cluster, in digits
    std::string start;   ///< the first segment that a recovery needs
    std::string stop;    ///< the last one that every recovery needs
    std::uint64_t segment_bytes = 0;
  };

  std::string id;
  Instant started;
  Instant ended;
  std::string host;
  std::string note;
  std::string visitor;                 ///< version of the program
  int schema = 0;                      ///< version of the database's schema
  int server = 0;                      ///< as 150020 for 15.20
  std::string database;                ///< its name
  std::string snapshot;                ///< the server's name for the moment that this is of
  std::string master_key_fingerprint;  ///< hexadecimal, as table installation has it
  std::int64_t audit_head = 0;         ///< position of the newest link of the audit's chain; 0: there is none
  std::int64_t audit_row = 0;          ///< of backups from before there was a chain: number of the newest row
  std::string audit_hash;              ///< of that link, hexadecimal; empty: there is none
  std::vector<Part> parts;
  std::optional<Wal> wal;  ///< nothing: the data are a dump
  std::vector<Recipient> recipients;
  std::vector<TableSum> tables;  ///< of a dump
  Record known;                  ///< of earlier backups, when this one was begun
  std::string signer;            ///< public key

  const Part& data() const { return parts.front(); }
  std::int64_t rows() const;
};

inline constexpr std::string_view kManifestName = "manifest.json";
inline constexpr std::string_view kDataName = "data";

/// The bytes of the object: one line of JSON whose last member is the signature over everything before it.
std::string write_manifest(Manifest manifest, const SigningKey& key);

/// \throws Error integrity  the signature does not hold, it is no manifest, or of a format that came later
Manifest read_manifest(std::string_view text);

/// "20261123T030000Z-k3m9qx": ids sort by time.
std::string make_backup_id(Instant now);
bool is_backup_id(std::string_view text);
/// When the backup was begun, to the second.
std::optional<Instant> time_of_backup_id(std::string_view id);

}  // namespace visitor::archive
