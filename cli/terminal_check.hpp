#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/json_writer.hpp"
#include "hikvision/client.hpp"

namespace visitor::cli {

/// One step on the way to a working terminal.
struct CheckStep {
  enum class Result { ok, warning, failed, skipped };
  std::string name;  ///< connect, log_in, identity, clock, capabilities, page
  Result result = Result::skipped;
  std::string message;
  std::string hint;  ///< what to do; empty where nothing is wrong
};

std::string_view name(CheckStep::Result result);
void write(JsonWriter& json, const CheckStep& step);

/// What the terminal is known to be; empty where it has not been seen yet.
struct KnownTerminal {
  std::string serial_number;
  std::string mac_address;
};

/// Walks through all that polling needs: connection, log-in, identity, clock, capabilities, one page of the last day.
/// Changes nothing on the terminal. After a step that failed the others are skipped, except that a clock or
/// capabilities which this model does not have are no failure.
/// \param tell  called with each step as it ends
/// \returns the failure that ended it, or nothing
std::optional<hikvision::Failure> check_terminal(hikvision::Client& client, const KnownTerminal& known,
                                                 const std::function<void(const CheckStep&)>& tell);

}  // namespace visitor::cli
