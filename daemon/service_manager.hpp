#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/file.hpp"

/// What systemd is told, and what it hands over. Without systemd nothing happens here. Source: sd_notify(3),
/// sd_listen_fds(3), sd_watchdog_enabled(3).
namespace visitor::daemon::service_manager {

void ready(const std::string& status);
void status(const std::string& status);
/// To be followed by ready().
void reloading();
void stopping();
void feed_watchdog();

/// How long the service manager waits for feed_watchdog(); nothing: it does not.
std::optional<std::chrono::microseconds> watchdog();

/// The listening socket of visitord.socket, if it was handed over; empty otherwise.
/// \throws Error config  there is more than one
Fd listening_socket();

}  // namespace visitor::daemon::service_manager
