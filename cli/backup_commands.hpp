#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// The group backup and what belongs to it: as in cli/commands.hpp, one per file under cli/commands.
void add_backup_create(Command& backup);
void add_backup_extract(Command& backup);
void add_backup_key_check(Command& key);
void add_backup_key_create(Command& key);
void add_backup_key_export(Command& key);
void add_backup_key_list(Command& key);
void add_backup_key_rotate(Command& key);
void add_backup_list(Command& backup);
void add_backup_restore(Command& backup);
void add_backup_show(Command& backup);
void add_backup_verify(Command& backup);
void add_resume(Command& root);

}  // namespace visitor::cli
