#pragma once

#include "support/visitor_sim_bodies.hpp"

namespace visitor::sim {

/// PUT /ISAPI/System/time, taken strictly: a Time with timeMode manual, a localTime without an offset and a timeZone in
/// POSIX form, each once and nothing else. Sets clock and zone, and writes 3/1028. Expects the lock held.
/// Source: HIKVISION.md section 7.
Answer set_time(Core& core, const HttpRequest& request);

}  // namespace visitor::sim
