#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "core/instant.hpp"

namespace visitor::domain {

/// Something that counts towards a rule.
struct Count {
  Instant at;
  bool is_new = false;
};

/// A run in which every window of so many, each begun by the one after, is short enough.
struct Burst {
  std::size_t first;
  std::size_t last;
  std::size_t reached;  ///< the one that filled the first window which holds a new one
  bool is_new;          ///< there is such a window
};

/// \param counts  by time
/// \param many    how many make a burst; less than 1 counts as 1
/// \param window  from the first to the last of them, inclusive
std::vector<Burst> bursts(std::span<const Count> counts, int many, std::chrono::seconds window);

}  // namespace visitor::domain
