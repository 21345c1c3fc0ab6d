#pragma once

#include <vector>

#include "app/work.hpp"
#include "domain/audit.hpp"
#include "store/journal.hpp"

namespace visitor::app {

using store::AuditFilter;

/// The journal of this piece of work, in the actor's name.
store::Journal journal(const Work& work);

/// Newest first.
std::vector<domain::AuditRecord> list_audit(const Work& work, const AuditFilter& filter = {});

/// \throws Error not_found
domain::AuditRecord get_audit(const Work& work, std::int64_t id);

/// What changed after \p cursor, in the order of commit.
std::vector<domain::Change> list_changes(const Work& work, ChangeId cursor, int limit = 1000);

}  // namespace visitor::app
