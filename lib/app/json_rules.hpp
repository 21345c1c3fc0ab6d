#pragma once

#include <string_view>

#include "app/json_writer.hpp"
#include "app/rules.hpp"

/// How rules look in JSON, for the commands and the API alike.
namespace visitor::app {

/// "timer" or "events".
std::string_view trigger_name(domain::Trigger trigger);

void write(JsonWriter& json, const RuleOverride& one);
void write(JsonWriter& json, const RuleListed& listed);

}  // namespace visitor::app
