#pragma once

#include <optional>
#include <vector>

#include "app/work.hpp"
#include "store/visits.hpp"

namespace visitor::app {

using store::Present;
using store::Proof;

/// So long after a presumed end a guest is still named, apart from those inside: nobody saw the guest leave.
constexpr std::chrono::hours kPresumedLeftShown{24};

/// Who was in the building at one moment, and what shows it.
struct Presence {
  Instant at;
  std::vector<Present> inside;         ///< longest first; states are as of that moment
  std::vector<Present> presumed_left;  ///< presumed to have left within kPresumedLeftShown before; the last first
};

/// As it is stored now.
Presence presence_now(const Work& work, std::optional<SiteId> site = {});

/// At \p at, by the facts that are stored now (events by the terminals' clocks, and what people and timers did),
/// whatever the visits' states say: the same question has the same answer until a late event corrects the past.
Presence presence_at(const Work& work, Instant at, std::optional<SiteId> site = {});

}  // namespace visitor::app
