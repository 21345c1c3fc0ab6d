#pragma once

#include <string_view>

#include "support/visitor_sim_bodies.hpp"

namespace visitor::sim {

/// GET /ISAPI/AccessControl/AcsEvent/capabilities
Answer acs_capabilities(const Core& core);

/// POST /ISAPI/AccessControl/AcsEvent: one page, or the refusal. Source: HIKVISION.md section 2.
Answer acs_search(Core& core, const HttpRequest& request);

/// Below it are the pictures that rows name as their pictureURL.
inline constexpr std::string_view kPictureFolder = "/LOCALS/pic/acsLinkCap/";
/// GET of one of them. Source: HIKVISION.md section 2, Pictures.
Answer event_picture(const Core& core, const HttpRequest& request);

/// POST /ISAPI/AccessControl/AcsEventTotalNum
Answer acs_total(Core& core, const HttpRequest& request);

}  // namespace visitor::sim
