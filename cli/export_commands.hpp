#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// Reports as files: as in cli/commands.hpp, one per file under cli/commands.

/// A command for each report.
void add_export_report(Command& group);
void add_export_list(Command& group);
void add_export_verify(Command& group);

}  // namespace visitor::cli
