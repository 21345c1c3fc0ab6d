#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// Reports as files: as in cli/commands.hpp, one per file under cli/commands.

/// A command for each report.
void add_export_report(Command& group);
void add_export_list(Command& group);
void add_export_verify(Command& group);
// Of [[report]].
void add_report_list(Command& group);
void add_report_run(Command& group);
void add_report_show(Command& group);

}  // namespace visitor::cli
