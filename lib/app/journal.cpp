#include "app/journal.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor::app {

store::Journal journal(const Work& work) {
  return {work.tx, work.actor.account, work.now, work.actor.origin};
}

std::vector<domain::AuditRecord> list_audit(const Work& work, const AuditFilter& filter) {
  return store::JournalReader{work.tx}.audit(filter);
}

domain::AuditRecord get_audit(const Work& work, std::int64_t id) {
  if (auto record = store::JournalReader{work.tx}.find_audit(id)) return *std::move(record);
  throw Error(Errc::not_found, fmt::format("the audit has no row {}", id),
              "Run 'visitorctl audit list' to see its rows.");
}

std::vector<domain::Change> list_changes(const Work& work, ChangeId cursor, int limit) {
  return store::JournalReader{work.tx}.changes(cursor, limit);
}

}  // namespace visitor::app
