#pragma once

#include <span>

#include "app/work.hpp"
#include "store/gaps.hpp"

namespace visitor::app {

/// Gaps in a terminal's serial numbers that it was asked for again and that are still open: they count as missing from
/// now on, which the rule event_gap speaks of.
/// \param asked  others stay as they are
/// \returns how many
int give_up_gaps(const Work& work, TerminalId terminal, std::span<const store::Gap> asked);

}  // namespace visitor::app
