#pragma once

#include <cstdint>
#include <vector>

#include "app/jobs.hpp"
#include "app/journal.hpp"
#include "app/overview.hpp"
#include "app/remote/house.hpp"

/// As in app/journal.hpp, app/jobs.hpp and app/overview.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<domain::AuditRecord> list_audit(RemoteHouse& house, const AuditFilter& filter);
domain::AuditRecord get_audit(RemoteHouse& house, std::int64_t id);

std::vector<JobListed> list_jobs(RemoteHouse& house);
Overview overview(RemoteHouse& house);

}  // namespace visitor::app
