#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace visitor::app {

enum class CheckStatus : std::uint8_t { ok, warning, critical, unknown };

std::string_view name(CheckStatus status);  ///< "ok", "warning", "critical", "unknown"

/// One thing looked at. Names, units and the meaning of values are stable; messages are for people, and hold no
/// address, path, person or text of an exception.
struct Check {
  std::string name;
  CheckStatus status = CheckStatus::ok;
  std::optional<double> value;     ///< nothing where it cannot be known
  std::string unit;                ///< "ms", "s", "%" or empty for a count
  std::optional<double> warning;   ///< from this value on (for disk: down to it)
  std::optional<double> critical;  ///< the same
  std::string message;
};

}  // namespace visitor::app
