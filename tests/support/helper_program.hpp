#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace visitor::test {

/// A Python program of tests/support that prints {"port": N} once it is ready, perhaps further lines, and ends with its
/// standard input.
class HelperProgram {
 public:
  /// \param script     "mail_server.py"
  /// \param arguments  with blanks between
  HelperProgram(const std::string& script, const std::string& arguments);
  ~HelperProgram();
  HelperProgram(const HelperProgram&) = delete;
  HelperProgram& operator=(const HelperProgram&) = delete;

  int port() const { return port_; }
  /// The next line that it prints, or nothing.
  std::optional<std::string> line(std::chrono::milliseconds patience);
  /// \p line will be the next one.
  void put_back(const std::string& line) { buffer_.insert(0, line + "\n"); }

 private:
  pid_t child_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string buffer_;
  int port_ = 0;
};

}  // namespace visitor::test
