#pragma once

#include "daemon/http/router.hpp"
#include "daemon/vitals.hpp"

namespace visitor::daemon {

/// GET /, /livez, /readyz, /health, /health/ and /metrics.
///
/// | page     | says                                                   | 503 when                               |
/// |----------|--------------------------------------------------------|----------------------------------------|
/// | /livez   | the process works; looks at no database                | a loop has stalled: restart it         |
/// | /readyz  | the database is open and the loops run                 | not yet, not any more, or draining     |
/// | /health/ | app::to_json of the health                             | unhealthy                              |
/// | /metrics | Prometheus text format 0.0.4                           | -                                      |
///
/// \param vitals  outlives the router
void add_status_pages(http::Router& router, Vitals& vitals);

}  // namespace visitor::daemon
