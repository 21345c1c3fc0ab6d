#pragma once

#include <string>
#include <vector>

#include "app/audit.hpp"
#include "app/json_accounts.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How the audit looks; the rest stands in cli/views.hpp.
namespace visitor::cli {

Table audit_table(const std::vector<domain::AuditRecord>& records, const std::string& time_zone);
Card card_of(const domain::AuditRecord& record, const std::string& time_zone);

void write(JsonWriter& json, const app::AuditReport& report);
/// What was found wrong, or one line that says that all is well.
Card card_of(const app::AuditReport& report);

/// A checkpoint, and how many copies of checkpoints were sent with it.
struct CheckpointShown {
  store::AuditSigned made;
  bool is_new = false;  ///< it was made just now
  int sent = 0;
  std::vector<std::string> keys;  ///< public, the newest first
};
void write(JsonWriter& json, const CheckpointShown& shown);
Card card_of(const CheckpointShown& shown, const std::string& time_zone);

}  // namespace visitor::cli
