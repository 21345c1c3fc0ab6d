#include "app/journal.hpp"

namespace visitor::app {

store::Journal journal(const Work& work) {
  return {work.tx, work.actor.account, work.now};
}

std::vector<domain::AuditRecord> list_audit(const Work& work, const AuditFilter& filter) {
  return store::JournalReader{work.tx}.audit(filter);
}

std::vector<domain::Change> list_changes(const Work& work, ChangeId cursor, int limit) {
  return store::JournalReader{work.tx}.changes(cursor, limit);
}

}  // namespace visitor::app
