#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace visitor::cli {

/// A standard stream: what it is connected to, and writing that notices when it fails.
class Stream {
 public:
  /// \param name  for messages: "standard output"
  Stream(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  /// All of \p text, at once.
  /// \throws Error failed  the other side is closed, the disk is full, …
  void write(std::string_view text);

  bool is_terminal() const;
  /// Columns of the terminal; 0 where there is none.
  std::size_t width() const;
  int fd() const { return fd_; }

 private:
  int fd_;
  std::string name_;
};

/// To be called first in main(): an inherited stream that is closed is replaced by one that fails, so that no file or
/// connection opened later can get its number; and writing to a closed pipe becomes an error instead of a signal.
void secure_standard_streams();

/// "visitorctl: <message>" with the hint below, or with \p json one object {"error": {code, message, hint}}.
std::string error_text(const Error& error, bool json);

}  // namespace visitor::cli
