#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/instant.hpp"

namespace visitor::archive {

/// One backup at one target, complete: what retention and the watch over backups look at.
struct Copy {
  std::int64_t id = 0;
  std::string backup;  ///< name of the backup; its copies at other targets have the same
  std::string target;  ///< the address of the place
  Instant started_at;  ///< the moment whose data it holds
  Instant ended_at;
  std::uint64_t bytes = 0;
  std::optional<Instant> verified_at;  ///< last found whole
  std::optional<Instant> restored_at;  ///< last restored for a trial, or in earnest
  bool broken = false;                 ///< the last check found it damaged or gone
  bool held = false;                   ///< kept whatever the policy says, until somebody takes the hold away
};

}  // namespace visitor::archive
