#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/instant.hpp"
#include "db/transaction.hpp"

namespace visitor::store {

/// How the archive of the write-ahead log was when its keeper last looked.
struct WalState {
  Instant looked_at;
  Instant chain_from;                ///< nothing that was written since then is missing in the archive
  std::optional<Instant> reaches;    ///< every commit up to then is archived
  std::optional<Instant> oldest_at;  ///< the earliest moment that can be restored
  std::optional<Instant> base_at;    ///< when the newest base backup of this chain was complete
  std::int64_t bytes = 0;            ///< of the archive
  std::int64_t free_bytes = 0;       ///< of its disk
  std::int64_t disk_bytes = 0;
  std::int64_t behind_bytes = 0;  ///< of the log that waits for it
  std::optional<Instant> failing_since;
  std::string failure;  ///< empty: it works
  std::string gap;      ///< a segment that is missing between others; empty: none
  std::optional<Instant> gap_since;
  std::optional<Instant> low_since;     ///< less of the disk is free than [backup.wal] warn_free
  std::optional<Instant> behind_since;  ///< half of [backup.wal] max_behind waits

  bool operator==(const WalState&) const = default;
};

/// Table wal_archive: one row, written by the one program that keeps the archive.
class WalStates {
 public:
  explicit WalStates(db::Transaction& tx) : tx_(tx) {}

  /// Nothing where no archive was ever kept.
  std::optional<WalState> find();
  void save(const WalState& state);
  /// Of a restored database: what it says is about another one.
  void forget();

  /// The right to keep the archive: of the session, until its end. Never waits.
  bool take_turn();

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
