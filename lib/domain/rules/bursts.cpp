#include "domain/rules/bursts.hpp"

#include <algorithm>

namespace visitor::domain {

std::vector<Burst> bursts(std::span<const Count> counts, int many, std::chrono::seconds window) {
  const auto count = static_cast<std::size_t>(std::max(1, many));
  std::vector<Burst> found;
  for (std::size_t last = count - 1; last < counts.size(); ++last) {
    const auto first = last - (count - 1);
    if (counts[last].at - counts[first].at > window) continue;
    const auto inside = counts.subspan(first, count);
    const bool is_new = std::any_of(inside.begin(), inside.end(), [](const Count& one) { return one.is_new; });
    if (found.empty() || first > found.back().last) {
      found.push_back({first, last, last, is_new});
      continue;
    }
    auto& burst = found.back();
    burst.last = last;
    if (is_new && !burst.is_new) {
      burst.reached = last;
      burst.is_new = true;
    }
  }
  return found;
}

}  // namespace visitor::domain
