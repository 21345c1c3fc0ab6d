#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace visitor::bench {

/// A program that runs for as long as this is there, with what it says in a file.
class Server {
 public:
  /// \param argv         the program with its path or found in PATH, then its arguments
  /// \param environment  "NAME=value" added to or replacing ours
  /// \param log          grows by what it writes on standard output and standard error
  /// \throws Error failed  it cannot be started
  Server(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
         const std::filesystem::path& log);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Ends it as SIGTERM asks it to.
  ~Server();

  pid_t pid() const { return pid_; }
  /// The port of 127.0.0.1 that it listens on, once it has said so in its log: "http://127.0.0.1:PORT".
  /// \throws Error failed  it ended, or did not say so in a minute
  std::uint16_t port() const;

 private:
  std::filesystem::path log_;
  std::size_t log_begin_ = 0;  // what the file held before
  pid_t pid_ = -1;
};

}  // namespace visitor::bench
