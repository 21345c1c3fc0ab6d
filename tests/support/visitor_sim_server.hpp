#pragma once

#include "support/visitor_sim_core.hpp"
#include "support/visitor_sim_transport.hpp"

namespace visitor::sim {

/// Answers one request: the crowd, the log-in, the armed faults, then the resource.
void serve(Core& core, const HttpRequest& request, Wire& wire);

/// The endless answer of GET /ISAPI/Event/notification/alertStream: the stored log where the profile replays it, then
/// what happens, with a heartbeat between. Returns when the connection ends. Source: HIKVISION.md section 4.
///
/// The caller has taken the one slot (Core::stream_taken); this gives it back.
void serve_stream(Core& core, const HttpRequest& request, Wire& wire);

}  // namespace visitor::sim
