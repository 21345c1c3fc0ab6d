#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/keys.hpp"
#include "core/instant.hpp"

namespace visitor::archive {

/// What the database knew of backups at a moment, beside what the targets say themselves: signed, for the day on which
/// there is no database. It is in every manifest, as it was when that backup was begun, and in the state directory.
struct Record {
  struct Copy {
    std::string backup;
    std::string target;
    std::optional<Instant> verified_at;
    std::string verified_level;
    std::optional<Instant> restored_at;
    std::optional<std::int64_t> restore_seconds;
    std::string problem;  ///< what the last look found wrong
  };
  struct Key {
    std::string public_key;
    std::string name;
    std::optional<Instant> proven_at;
  };

  Instant at;
  std::vector<Copy> copies;  ///< newest first; older ones may be left out
  std::vector<Key> keys;
  std::string signer;  ///< public key; as it was read
};

/// One signed line of JSON.
std::string write_record(const Record& record, const SigningKey& key);
/// \throws Error integrity  it is no record, or the signature does not hold
Record read_record(std::string_view text);

}  // namespace visitor::archive
