#pragma once

#include <string>
#include <vector>

#include "app/scheduled_reports.hpp"
#include "cli/session.hpp"

namespace visitor::cli {

/// A [[report]] as 'report list' has it.
void write(JsonWriter& json, const app::ScheduledReport& report);
Table report_table(const std::vector<app::ScheduledReport>& reports, Instant now);
/// "07:00 on monday, first".
std::string when_text(const config::Settings::Report& report);
Tone tone_of(const app::ScheduledReport& report);

void write(JsonWriter& json, const app::ReportRunShown& shown);
/// A line for each place of each run.
Table run_table(const std::vector<app::ReportRunShown>& runs, Instant now, const Zone& zone);

}  // namespace visitor::cli
