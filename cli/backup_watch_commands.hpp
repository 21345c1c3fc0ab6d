#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// How backups are kept and watched: as in cli/commands.hpp, one per file under cli/commands, but hold and release.
void add_backup_can_i_survive(Command& backup);
void add_backup_hold(Command& backup);
void add_backup_prune(Command& backup);
void add_backup_release(Command& backup);
void add_backup_status(Command& backup);

}  // namespace visitor::cli
