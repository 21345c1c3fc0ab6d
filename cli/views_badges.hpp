#pragma once

#include <string>
#include <vector>

#include "app/badges.hpp"
#include "cli/table.hpp"

namespace visitor::cli {

Table badge_table(const std::vector<app::BadgeListed>& rows);
Card card_of(const app::BadgeCheck& check, const std::string& time_zone);

}  // namespace visitor::cli
