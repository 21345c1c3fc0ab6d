#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace visitor::log {

enum class Format { plain, json, journal };

/// Sets up the process-wide log on standard error (or the journal's native socket for Format::journal).
///
/// Log identifiers and codes, never bodies, names of persons or secrets.
/// \param level  trace, debug, info, warning, error
/// \throws Error usage  \p level is not one of these
void start(Format format, std::string_view level);

/// journal under systemd (JOURNAL_STREAM is set and standard error is that stream), plain elsewhere.
Format preferred_format();

enum class Level { debug, info, warning, error };

/// From now on. \throws Error usage  as start()
void set_level(std::string_view level);
bool enabled(Level level);
/// One message, as it is.
void write(Level level, std::string_view message);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::warning)) write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace visitor::log
