#pragma once

#include <string>

#include "core/error.hpp"

namespace visitor::daemon {

/// What went wrong and the next step, in one line for the log.
inline std::string with_hint(const Error& error) {
  const auto& message = error.message();
  if (error.hint().empty()) return message;
  const bool ended = message.ends_with('.') || message.ends_with('?') || message.ends_with('!');
  return message + (ended ? " " : ". ") + error.hint();
}

}  // namespace visitor::daemon
