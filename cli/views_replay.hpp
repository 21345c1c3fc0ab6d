#pragma once

#include <span>

#include "app/replay.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How a comparison with the facts looks, and rules tried on the past.
namespace visitor::cli {

void write(JsonWriter& json, const app::ReplayReport& report, bool dry_run);
void write(JsonWriter& json, const app::RuleTrial& trial);

Table replay_table(const app::ReplayReport& report);
Table trial_table(const app::RuleTrial& trial, std::span<const domain::SiteRules> sites, Instant now);

}  // namespace visitor::cli
