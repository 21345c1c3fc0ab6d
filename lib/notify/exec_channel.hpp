#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "core/process.hpp"
#include "notify/channel.hpp"

namespace visitor::notify {

/// A program that takes alerts.
struct Program {
  std::string name;
  std::string path;  ///< absolute
  std::vector<std::string> arguments;
  std::chrono::milliseconds timeout{10'000};
};

/// What an end of the program means.
///
/// | end                     | outcome                                                        |
/// |-------------------------|----------------------------------------------------------------|
/// | 0                       | Delivered                                                      |
/// | 75 (EX_TEMPFAIL)        | RetryAfter for the program                                     |
/// | the deadline, a signal  | RetryAfter for the program, and the message may have been told |
/// | other                   | Refused, with the first line of standard error                 |
///
/// Source: sysexits(3).
Outcome exec_outcome(const Program& program, const ProcessResult& result);

/// Starts the program of that name for each message, with alert_json() on its standard input.
///
/// No shell; PATH, LANG and VISITOR_EVENT_ID are its environment, "/" its directory, and it inherits no descriptor but
/// its three streams. At the deadline it is killed with all that it started.
class ExecChannel final : public Channel {
 public:
  explicit ExecChannel(std::vector<Program> programs);

  domain::Channel name() const override { return domain::Channel::exec; }
  std::vector<std::string> render(const Message& message) const override;
  Outcome send(const Message& message, std::stop_token stop) override;

 private:
  std::map<std::string, Program> programs_;
};

}  // namespace visitor::notify
