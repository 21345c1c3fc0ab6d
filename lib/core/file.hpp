#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.hpp"

namespace visitor {

/// An open file descriptor that closes itself.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept;
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// The whole file, or nothing if there is none.
/// \throws Error config  it cannot be read, is not a regular file, or is larger than \p limit bytes
std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t limit = std::size_t{16} << 20);

/// The first line of \p path, or of standard input for "-", without its line end: how passwords are handed over.
/// \throws Error usage  it cannot be read or is empty
Secret read_secret_file(const std::filesystem::path& path);

/// Replaces \p path in one step: a temporary file beside it, fsync, rename, fsync of the folder. Whoever reads sees the
/// old or the new content, also after a power cut.
/// \throws Error config  it cannot be written; the message says why ("No space left on device")
void write_file(const std::filesystem::path& path, std::string_view content, mode_t mode = 0644);

/// Creates \p path and what is missing above it; what this makes has \p mode.
/// \throws Error config
void make_directories(const std::filesystem::path& path, mode_t mode = 0755);

/// "No such file or directory" and so on, thread-safe.
std::string errno_text(int error);

}  // namespace visitor
