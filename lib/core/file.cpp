#include "core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace visitor {
namespace {

[[noreturn]] void fail(std::string_view doing, const std::filesystem::path& path, int error) {
  throw Error(Errc::config, fmt::format("cannot {} {}: {}", doing, path.string(), errno_text(error)));
}

void write_all(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Fd::Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

std::string errno_text(int error) {
  return std::error_code(error, std::generic_category()).message();
}

std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail("read", path, errno);
  }
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) fail("read", path, errno);
  if (S_ISDIR(status.st_mode)) fail("read", path, EISDIR);

  std::string content;
  char buffer[16384];
  for (;;) {
    const auto got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path, errno);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit)
      throw Error(Errc::config, fmt::format("{} is larger than {} bytes", path.string(), limit));
  }
}

Secret read_secret_file(const std::filesystem::path& path) {
  std::string line;
  if (path == "-") {
    std::getline(std::cin, line);
  } else if (auto content = read_file(path, 65536)) {
    line = content->substr(0, content->find('\n'));
    *content = std::string(content->size(), '\0');
  } else {
    throw Error(Errc::usage, fmt::format("{} does not exist", path.string()));
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty())
    throw Error(Errc::usage, fmt::format("{} holds no secret", path == "-" ? "standard input" : path.string()),
                "Its first line must be the secret.");
  return Secret{std::string_view{line}};
}

void write_file(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  auto pattern = path.string() + ".XXXXXX";
  Fd fd{::mkostemp(pattern.data(), O_CLOEXEC)};
  if (!fd) fail("write", path, errno);
  try {
    write_all(fd.get(), content, path);
    if (fchmod(fd.get(), mode) != 0 || fsync(fd.get()) != 0) fail("write", path, errno);
    if (::rename(pattern.c_str(), path.c_str()) != 0) fail("write", path, errno);
  } catch (...) {
    ::unlink(pattern.c_str());
    throw;
  }
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  const Fd directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory || fsync(directory.get()) != 0) fail("write", folder, errno);
}

void make_directories(const std::filesystem::path& path, mode_t mode) {
  if (path.empty() || std::filesystem::is_directory(path)) return;
  make_directories(path.parent_path(), mode);
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) fail("create", path, errno);
}

}  // namespace visitor
