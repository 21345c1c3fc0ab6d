#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "archive/bytes.hpp"
#include "archive/keys.hpp"
#include "archive/target.hpp"
#include "core/instant.hpp"

/// Segments of PostgreSQL's write-ahead log, each sealed as an object of its own: "wal/<system>/<segment>".
namespace visitor::archive {

/// "0000000100000000000000A4": timeline, then the number of the segment. In the order of their names within a timeline.
bool is_wal_segment(std::string_view name);
/// The identifier of a cluster: up to twenty digits.
bool is_wal_system(std::string_view text);
/// A power of two from 1 MiB to 1 GiB, as initdb takes it.
bool is_wal_segment_size(std::uint64_t bytes);
/// The one after it, of the same timeline.
/// \param segment_bytes  is_wal_segment_size()
std::string next_wal_segment(const std::string& name, std::uint64_t segment_bytes);
/// Its first eight digits.
std::string_view timeline_of(std::string_view segment);

/// What stands in clear text before the sealed bytes of a segment, signed.
struct WalHead {
  std::string system;
  std::string segment;
  /// Every commit up to then is in this segment or in one before it. 1970: not known.
  Instant reaches;
  std::string signer;
};

/// Who may read what is archived, and who says that it is his.
struct WalSeal {
  std::vector<PublicKey> recipients;
  const SigningKey* signer = nullptr;
};

std::string wal_object(const std::string& system, std::string_view segment);

/// Compresses, seals and writes \p file, a whole segment; it is on stable storage when this returns. What was there
/// under that name is replaced.
/// \param head  all but the signer
/// \throws Error  as Target
void archive_segment(Target& target, const WalHead& head, const std::filesystem::path& file, const WalSeal& seal);

/// Reads the head, and holds it against the name.
/// \throws Error not_found  the segment is not there
/// \throws Error integrity  it is damaged, or another one
WalHead read_wal_head(Target& target, const std::string& system, const std::string& segment);

/// Opens a segment into \p out, which is finished at its end.
/// \param signer  who must have signed it
/// \throws Error not_found, integrity  as read_wal_head; also where it has another length than \p segment_bytes
/// \throws Error denied  \p key is none of those that can read it
WalHead open_segment(Target& target, const std::string& system, const std::string& segment, std::uint64_t segment_bytes,
                     const std::string& signer, const PrivateKey& key, Sink& out);

}  // namespace visitor::archive
