#pragma once

#include <filesystem>
#include <optional>

#include "config/settings.hpp"

namespace visitor::daemon {

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and all that it will start, and ignores SIGPIPE. To be called
/// before any thread is started; run_service() takes the signals up.
void block_signals();

/// The daemon, from the first line of the log to the last.
///
/// It answers on HTTP at once, opens the database as soon as that answers (making the embedded one on the first start),
/// and then runs its loops. SIGTERM and SIGINT drain and end it within five seconds; SIGHUP reads \p file anew, or
/// keeps the old settings and says why.
///
/// \param settings  as read from \p file
/// \param file      as given on the command line; nothing: the default one
/// \returns the exit status: 0 after SIGTERM or SIGINT; that of the error's code where only a person can help, such as
///          13 for a schema of another version; 1 if something had to be cut off at the end
/// \throws Error config  the HTTP address cannot be listened on
int run_service(config::Settings settings, const std::optional<std::filesystem::path>& file);

}  // namespace visitor::daemon
