#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// Badges: as in cli/commands.hpp, one per file under cli/commands.
void add_badge_key(Command& badge);
void add_badge_list(Command& badge);
void add_badge_print(Command& badge);
void add_badge_template(Command& badge);
void add_badge_verify(Command& badge);

}  // namespace visitor::cli
