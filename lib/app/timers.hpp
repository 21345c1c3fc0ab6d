#pragma once

#include "app/work.hpp"

namespace visitor::app {

/// Each of these is one tick of a daemon's loop, in \p work's transaction, and safe to run by several daemons at once:
/// where another one is at it, nothing happens.
/// \returns how many visits changed, or incidents were opened

/// Closes, as presumed left, visits whose guest came in (last) [visits] presumed_left_after ago, at that moment.
int close_presumed_left(const Work& work);

/// Marks visits that nobody came to by the end of the expected day, in the site's zone.
int mark_no_shows(const Work& work);

/// Rules that look at the clock: for everybody inside, every terminal and every site.
///
/// A terminal counts as offline only once it has failed: one that nobody polls is not its own fault. A condition that
/// lasts opens one incident, also where a person has ended that meanwhile.
int run_timed_rules(const Work& work);

}  // namespace visitor::app
