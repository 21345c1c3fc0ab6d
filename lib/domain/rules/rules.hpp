#pragma once

#include "domain/rules.hpp"

/// The functions of the rule table in domain/rules.cpp: one file each beside this one.
namespace visitor::domain {

void find_exit_without_entry(const RuleInput& input, std::vector<Finding>& findings);
void find_long_stay(const RuleInput& input, std::vector<Finding>& findings);
void find_suspicious_time(const RuleInput& input, std::vector<Finding>& findings);
void find_multiple_failed_access(const RuleInput& input, std::vector<Finding>& findings);
void find_terminal_offline(const RuleInput& input, std::vector<Finding>& findings);

}  // namespace visitor::domain
