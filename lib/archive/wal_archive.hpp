#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archive/contents.hpp"
#include "archive/target.hpp"

/// A folder with base backups (as list_backups() has them, with Manifest::wal) and the segments that go with them.
namespace visitor::archive {

/// The moments that one base backup and the unbroken segments after it reach.
struct Stretch {
  Manifest base;
  std::string last;  ///< segment
  Instant from;      ///< when the base was complete
  Instant to;        ///< no earlier than from
  std::string gap;   ///< the segment after last, where that is missing and later ones are there; else empty
};

/// Everything in a folder, as far as names, manifests and heads tell.
struct WalContents {
  std::vector<Stored> bases;         ///< newest first, whole or not
  std::vector<Stretch> stretches;    ///< newest base first; of whole bases whose first segments are all there
  std::vector<ObjectInfo> segments;  ///< by name
  std::uint64_t bytes = 0;           ///< of all of it
};
WalContents look_at_wal(Target& target);

/// The one that reaches \p at with the fewest segments.
/// \throws Error not_found  none does; says which moments can be reached, in UTC
const Stretch& stretch_for(const WalContents& contents, Instant at);

/// The timelines of the cluster from the one after that of \p wal to the newest that segments are of, the lowest first.
/// A recovery begins a new one, and the segments of two histories must not have the same names.
/// \throws Error integrity  more than any cluster ever has
std::vector<std::string> timelines_after(const WalContents& contents, const Manifest::Wal& wal);

/// What no recovery to a moment from \p since on needs: bases before the newest that is older than \p since, and every
/// segment that no base left can use. The newest whole base is always needed.
/// \returns names of objects; a base's manifest before its data
std::vector<std::string> wal_not_needed(const WalContents& contents, Instant since);

}  // namespace visitor::archive
