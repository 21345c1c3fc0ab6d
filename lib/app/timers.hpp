#pragma once

#include "app/work.hpp"

namespace visitor::app {

/// Each of these is one tick of a daemon's loop, in \p work's transaction, and safe to run by several daemons at once.
/// \returns how many visits or incidents changed

/// Closes, as presumed left, visits inside for longer than [visits] presumed_left_after.
int close_presumed_left(const Work& work);

/// Marks visits that nobody came to by the end of the expected day, in the site's zone.
int mark_no_shows(const Work& work);

/// Rules that look at the clock: long_stay for everybody inside, terminal_offline, and those to come.
int run_timed_rules(const Work& work);

}  // namespace visitor::app
