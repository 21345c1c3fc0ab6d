#pragma once

#include <optional>

#include "cli/session.hpp"
#include "domain/terminal.hpp"
#include "hikvision/client.hpp"

/// For commands that talk to a terminal themselves, beside visitord.
namespace visitor::cli {

/// With the stored password and certificate, and what is known of its log-in.
hikvision::ClientOptions client_options(const domain::Terminal& terminal, Session& session);

/// A try that was spent here must count for the daemon too, or both together lock the terminal; and a log-in that works
/// again ends the daemon's waiting.
void keep_login(const domain::Terminal& terminal, const hikvision::LoginState& before,
                const hikvision::LoginState& after, const std::optional<hikvision::Failure>& failure, Session& session);

}  // namespace visitor::cli
