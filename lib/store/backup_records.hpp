#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "db/transaction.hpp"

namespace visitor::store {

/// Writes what happens to backups: how runs go, which copies there are, what was found when they were looked at.
/// store::BackupLog reads it.
class BackupRecords {
 public:
  explicit BackupRecords(db::Transaction& tx) : tx_(tx) {}

  struct Start {
    std::string backup;  ///< its name at every target
    bool by_person = true;
    std::string host;
    std::string note;
  };
  /// \returns the number of the run
  std::int64_t start(const Start& start, Instant now);

  struct End {
    std::string_view state;  ///< done, partial, failed, interrupted
    std::string message;
    std::uint64_t bytes = 0;
    std::uint64_t clear_bytes = 0;
    std::int64_t rows = 0;
  };
  void end(const std::string& backup, const End& end, Instant now);

  struct NewCopy {
    std::string backup;
    std::string target;
    Instant started_at;
    Instant ended_at;
    std::uint64_t bytes = 0;
  };
  /// Nothing changes where it is known already.
  void add_copy(const NewCopy& copy);

  // A copy is added first.

  /// \param level  quick, full, restore
  void verified(const std::string& backup, std::string_view target, std::string_view level, Instant now);
  void found_bad(const std::string& backup, std::string_view target, const std::string& problem, Instant now);
  void restored(const std::string& backup, std::string_view target, int seconds, Instant now);

  /// \param proven  the private half has just read something
  void key(const std::string& public_key, const std::string& name, Instant now, bool proven);

  /// The database does nothing by itself from now on.
  void hold_back(const std::string& why, Instant now);
  /// \returns false where it was not held back
  bool resume();

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
