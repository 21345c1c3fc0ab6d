#pragma once

#include <vector>

#include "app/rules.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"

/// How rules look; the rest stands in cli/views.hpp.
namespace visitor::cli {

void write(JsonWriter& json, const app::RuleOverride& one);
void write(JsonWriter& json, const app::RuleListed& listed);
Table rule_table(const std::vector<app::RuleListed>& rows);
Card card_of(const app::RuleListed& listed);

}  // namespace visitor::cli
