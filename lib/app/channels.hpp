#pragma once

#include <memory>
#include <vector>

#include "config/settings.hpp"
#include "core/clock.hpp"
#include "net/smtp.hpp"
#include "notify/channel.hpp"

namespace visitor::app {

/// How the mail server of [email] is spoken to.
net::SmtpOptions smtp_options(const config::Settings::Email& email);

/// The ways to reach people that the settings ask for, each made anew for whoever is to use it: a channel serves one
/// sender. The log is always there.
std::vector<std::unique_ptr<notify::Channel>> make_channels(const config::Settings& settings, const Clock& clock);

}  // namespace visitor::app
