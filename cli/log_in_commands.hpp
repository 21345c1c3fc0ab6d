#pragma once

#include "cli/command.hpp"

namespace visitor::cli {

// Second factors, sessions and API keys: as in cli/commands.hpp, one per file under cli/commands.
void add_apikey_audit(Command& apikey);
void add_apikey_create(Command& apikey);
void add_apikey_list(Command& apikey);
void add_apikey_revoke(Command& apikey);
void add_breakglass_close(Command& breakglass);
void add_breakglass_list(Command& breakglass);
void add_breakglass_open(Command& breakglass);
void add_totp_confirm(Command& totp);
void add_totp_disable(Command& totp);
void add_totp_doctor(Command& totp);
void add_totp_enroll(Command& totp);
void add_totp_recovery(Command& totp);
void add_totp_status(Command& totp);
void add_user_revoke(Command& user);
void add_user_sessions(Command& user);

}  // namespace visitor::cli
