#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/access_event.hpp"

namespace visitor::store {

/// Keys of events as arrays, one element for each key in their order: how a statement takes them.
struct EventKeyColumns {
  explicit EventKeyColumns(std::span<const domain::EventKey> keys) {
    for (const auto& key : keys) {
      terminals.push_back(key.terminal);
      epochs.push_back(key.epoch);
      serials.push_back(key.serial);
      moments.push_back(key.occurred_at);
      majors.push_back(key.major);
      minors.push_back(key.minor);
    }
  }

  std::vector<TerminalId> terminals;
  std::vector<int> epochs;
  std::vector<std::int64_t> serials;
  std::vector<Instant> moments;
  std::vector<int> majors;
  std::vector<int> minors;
};

}  // namespace visitor::store
