#pragma once

#include <spdlog/spdlog.h>

#include <string_view>

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

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

}  // namespace visitor::log
