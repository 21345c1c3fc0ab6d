#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/secret.hpp"
#include "core/vault.hpp"

/// What people say of a terminal, checked before it is stored. Each throws Error usage, naming the field.
namespace visitor::app {

/// 1 to 100 characters and not a number: those name terminals already.
std::string checked_terminal_name(const std::string& given);
/// Scheme, host and port: what the poller puts its paths behind.
std::string checked_terminal_url(const std::string& given);
/// 1 to 64 characters.
std::string checked_username(const std::string& given);
/// 100 ms to one hour.
std::chrono::milliseconds checked_interval(std::chrono::milliseconds given);
/// 1 to 128 bytes, sealed.
std::vector<std::byte> seal_terminal_password(const Vault& vault, const Secret& password);

inline constexpr std::string_view kTerminalPassword = "terminal.password";

}  // namespace visitor::app
