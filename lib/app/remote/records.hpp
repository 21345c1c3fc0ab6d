#pragma once

#include <cstdint>
#include <vector>

#include "app/accounts.hpp"
#include "app/jobs.hpp"
#include "app/journal.hpp"
#include "app/overview.hpp"
#include "app/remote/house.hpp"
#include "app/roles.hpp"

/// As in app/accounts.hpp, app/roles.hpp, app/journal.hpp, app/jobs.hpp and app/overview.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<domain::Account> list_accounts(RemoteHouse& house, const UserFilter& filter);
std::vector<domain::Role> list_roles(RemoteHouse& house);
domain::Role resolve_role(RemoteHouse& house, std::string_view ref);

std::vector<domain::AuditRecord> list_audit(RemoteHouse& house, const AuditFilter& filter);
domain::AuditRecord get_audit(RemoteHouse& house, std::int64_t id);

std::vector<JobListed> list_jobs(RemoteHouse& house);
Overview overview(RemoteHouse& house);

}  // namespace visitor::app
