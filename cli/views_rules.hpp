#pragma once

#include <vector>

#include "app/json_rules.hpp"
#include "cli/table.hpp"

/// How rules look, but for the JSON (app/json_rules.hpp); the rest stands in cli/views.hpp.
namespace visitor::cli {

Table rule_table(const std::vector<app::RuleListed>& rows);
Card card_of(const app::RuleListed& listed);

}  // namespace visitor::cli
