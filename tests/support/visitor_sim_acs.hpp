#pragma once

#include "support/visitor_sim_bodies.hpp"

namespace visitor::sim {

/// GET /ISAPI/AccessControl/AcsEvent/capabilities
Answer acs_capabilities(const Core& core);

/// POST /ISAPI/AccessControl/AcsEvent: one page, or the refusal. Source: HIKVISION.md section 2.
Answer acs_search(Core& core, const HttpRequest& request);

/// POST /ISAPI/AccessControl/AcsEventTotalNum
Answer acs_total(Core& core, const HttpRequest& request);

}  // namespace visitor::sim
