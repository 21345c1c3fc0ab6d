#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "core/file.hpp"
#include "core/process.hpp"

namespace visitor {

/// A program that is started and not waited for: its input is written, or its output read, while it runs.
struct ChildStreams {
  Fd in;   ///< we write what it reads
  Fd out;  ///< we read what it writes
  Fd err;
};

/// Forks and executes as \p options say (argv, environment, directory, run_as, detach).
/// \returns its process, which leads a group of its own
/// \throws Error failed  it cannot be started
pid_t start_child(const ProcessOptions& options, ChildStreams& streams);

/// Waits for it to end. \returns its exit status, or 128 + signal
int collect_child(pid_t child);

/// write(2) that fails with EPIPE where nobody reads any more, and raises no signal.
ssize_t write_quietly(int fd, std::string_view bytes);

/// A running program as a stream, without a shell and without bounds on what flows. What it says on standard error is
/// kept, up to ProcessOptions::output_limit. Deadline and input of the options are not looked at; their stop token ends
/// the program.
class Child {
 public:
  /// \throws Error failed  it cannot be started
  explicit Child(const ProcessOptions& options);
  /// Kills it with its group if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// What it writes on standard output: at least one byte, or 0 at the end.
  std::size_t read(std::span<std::byte> to);
  /// All of \p bytes to its standard input.
  /// \returns false where it reads no more
  bool write(std::span<const std::byte> bytes);
  /// Nothing more will be written.
  void end_input();

  /// Whether it still runs; never waits.
  bool running() const;
  /// Waits for its end. \returns its exit status, or 128 + signal
  int wait();
  /// What it said on standard error; after wait().
  const std::string& errors() const { return errors_; }

 private:
  void kill_group() noexcept;

  std::string name_;
  std::stop_token stop_;
  ChildStreams streams_;
  pid_t pid_ = -1;
  int status_ = 0;
  std::string errors_;
  std::jthread listener_;
};

}  // namespace visitor
