#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/backups.hpp"

namespace visitor::app {

/// What 'backup create' would do.
struct BackupPlan {
  struct Place {
    std::string target;
    std::string problem;                ///< why it would get none; empty: it would
    std::optional<std::uint64_t> room;  ///< bytes that it can still take, where that can be told
  };
  std::vector<Place> places;
  std::vector<std::string> recipients;  ///< public keys
  std::vector<std::string> problems;    ///< that keep any backup from being made
  std::uint64_t expected_bytes = 0;     ///< of one copy
  bool measured = false;                ///< that is the size of the last one; else the most that it could be
  bool due = false;
};

/// Tries everything but the backup itself: each place is asked for what it has, and an upload to it is begun and given
/// up (a bucket hears nothing of that). Nothing is written to the database.
/// \param targets  instead of the configured ones; empty: those
BackupPlan plan_backup(const BackupDesk& desk, const std::vector<std::string>& targets);

}  // namespace visitor::app
