#pragma once

#include <chrono>
#include <span>

#include "app/canary.hpp"
#include "cli/session.hpp"

namespace visitor::cli {

/// Queues a message that shows whether its channels work, waits until each has answered, and shows the alert: what
/// 'alert test' and 'alert canary' share.
/// \param patience  0: does not wait
/// \throws Error delivery  somebody has not got it; the message says why
void send_probe(Session& session, domain::AlertKind kind, std::span<const app::ChannelAddress> addresses,
                std::chrono::seconds patience);

}  // namespace visitor::cli
