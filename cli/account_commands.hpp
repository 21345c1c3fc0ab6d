#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// Accounts, roles and groups: as in cli/commands.hpp, one per file under cli/commands.
void add_user_add(Command& user);
void add_user_disable(Command& user);
void add_user_edit(Command& user);
void add_user_enable(Command& user);
void add_user_list(Command& user);
void add_user_passwd(Command& user);
void add_user_remove(Command& user);
void add_user_show(Command& user);
void add_user_unlock(Command& user);
void add_role_create(Command& role);
void add_role_edit(Command& role);
void add_role_grant(Command& role);
void add_role_list(Command& role);
void add_role_permissions(Command& role);
void add_role_revoke(Command& role);
void add_role_show(Command& role);
void add_group_add(Command& group);
void add_group_edit(Command& group);
void add_group_list(Command& group);
void add_group_member(Command& member);
void add_group_remove(Command& group);
void add_group_show(Command& group);

}  // namespace visitor::cli
