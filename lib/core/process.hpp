#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace visitor {

/// Whom a child runs as. Dropping to it needs root.
struct RunAs {
  uid_t uid;
  gid_t gid;
  std::string name;
};

/// The account of that name, or nothing.
std::optional<RunAs> find_account(const std::string& name);

struct ProcessOptions {
  std::vector<std::string> argv;  ///< program (searched in PATH if it has no slash), then its arguments; no shell
  std::vector<std::string> environment;  ///< "NAME=value" added to or replacing ours
  bool clean_environment = false;        ///< nothing of ours: only what environment says
  std::string directory = {};            ///< to work in; empty: ours
  std::optional<RunAs> run_as;           ///< set groups, gid and uid before exec
  bool detach = false;                   ///< own session, so that a terminal's Ctrl-C does not reach it
  std::string input;                     ///< given on standard input, then closed
  std::chrono::milliseconds deadline{60'000};
  std::size_t output_limit = std::size_t{1} << 20;  ///< of each stream; more is read and dropped
  std::stop_token stop = {};                        ///< ends it as the deadline does
  /// What a stop gives it first: SIGTERM, and this long to end by itself.
  std::chrono::milliseconds grace{0};
};

struct ProcessResult {
  int status = 0;  ///< exit status, or 128 + signal
  bool timed_out = false;
  bool stopped = false;  ///< by the stop token, whether or not it ended by itself then
  std::string out;
  std::string err;
};

/// Runs a program to its end and collects what it prints. Past the deadline it is killed with its process group. It
/// inherits no descriptor but its three streams.
/// \throws Error failed  the program cannot be started
ProcessResult run_process(const ProcessOptions& options);

}  // namespace visitor
