#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "support/visitor_sim.hpp"

namespace visitor::sim {

/// What --help says of the control port: each request, its members and its answer.
std::string_view control_help();

/// Commands to a terminal over HTTP with JSON bodies (see control_help()). Answers 200 with JSON, 400 with
/// {"error": ...} for a body or member that it does not know, 404 for another path. No log-in: keep it on the loopback.
class Control {
 public:
  /// \param port  0: a free one
  /// \throws Error usage  the address is in use
  Control(Terminal& terminal, const std::string& host, int port);
  ~Control();

  int port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Lets somebody walk through the terminal whose control port is at \p host and \p port.
///
/// \returns false where it does not answer, or refuses
bool walk_elsewhere(const std::string& host, int port, const Passage& passage);

}  // namespace visitor::sim
