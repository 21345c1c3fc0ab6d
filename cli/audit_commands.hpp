#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// The audit: as in cli/commands.hpp, one per file under cli/commands.
void add_audit_checkpoint(Command& audit);
void add_audit_export(Command& audit);
void add_audit_list(Command& audit);
void add_audit_show(Command& audit);
void add_audit_verify(Command& audit);

}  // namespace visitor::cli
