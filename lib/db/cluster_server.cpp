#include "db/cluster_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::db::server {
namespace {

namespace fs = std::filesystem;

constexpr off_t kLogLimit = off_t{8} << 20;  // a longer log is put aside at the next start

struct Launch {
  std::vector<char*> argv;
  std::vector<char*> envp;
  const char* log;
  const char* old_log;
  const place::Account* account;
  int report;
};

/// What the new process tells its maker: its number, then nothing more if all went well.
struct Report {
  pid_t pid;
  int error;
};

/// Between fork and exec: only calls that are safe there.
[[noreturn]] void become_server(const Launch& launch) {
  Report report{getpid(), 0};
  [[maybe_unused]] auto written = write(launch.report, &report, sizeof report);

  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  umask(077);
  const auto& who = *launch.account;
  bool ok = !who.drop || (setgroups(1, &who.gid) == 0 && setgid(who.gid) == 0 && setuid(who.uid) == 0);
  ok = ok && chdir("/") == 0;
  struct stat status {};
  if (ok && lstat(launch.log, &status) == 0 && status.st_size > kLogLimit) rename(launch.log, launch.old_log);
  const int in = ok ? open("/dev/null", O_RDONLY) : -1;
  const int out = ok ? open(launch.log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600) : -1;
  ok = ok && in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2;
  if (ok) {
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    execve(launch.argv[0], launch.argv.data(), launch.envp.data());
  }
  report.error = errno;
  written = write(launch.report, &report, sizeof report);
  _exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

bool read_report(int fd, Report& report) {
  for (;;) {
    const auto got = read(fd, &report, sizeof report);
    if (got < 0 && errno == EINTR) continue;
    return got == static_cast<ssize_t>(sizeof report);
  }
}

/// Without the "2026-01-01 00:00:00.000 UTC [123] " in front.
std::string_view without_prefix(std::string_view line) {
  const auto at = line.find("] ");
  return at == line.npos || line.empty() || line.front() < '0' || line.front() > '9' ? line : line.substr(at + 2);
}

}  // namespace

Fd lock(const fs::path& directory, std::chrono::steady_clock::time_point end) {
  Fd fd{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd) throw Error(Errc::denied, fmt::format("cannot open {}: {}", directory.string(), errno_text(errno)));
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw Error(Errc::failed, fmt::format("cannot lock {}: {}", directory.string(), errno_text(errno)));
    if (std::chrono::steady_clock::now() > end)
      throw Error(Errc::database, "another program has been starting the embedded database for too long",
                  "Look at its output, or end it.");
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return fd;
}

std::string_view next_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = trim(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::optional<PidFile> read_pid_file(const fs::path& data) {
  const auto text = place::read_small(data / "postmaster.pid");
  if (!text) return std::nullopt;
  std::array<std::string, 8> lines;  // pid, data, start, port, socket, address, shared memory, status
  std::string_view rest = *text;
  for (auto& line : lines) line = next_line(rest);
  const auto pid = to_integer(lines[0]);
  if (!pid || *pid <= 1 || *pid > INT32_MAX) return std::nullopt;
  PidFile file;
  file.pid = static_cast<pid_t>(*pid);
  file.socket_directory = lines[4];
  const auto space = lines[6].find_last_of(' ');
  if (space != std::string::npos)
    file.shared_memory = static_cast<int>(to_integer(std::string_view{lines[6]}.substr(space + 1)).value_or(-1));
  file.ready = lines[7] == "ready";
  file.stopping = lines[7] == "stopping";
  return file;
}

bool is_alive(pid_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/stat", pid), 65536);
  if (!text) return false;
  const auto after = text->rfind(')');  // the name before it may hold anything
  return after != text->npos && after + 2 < text->size() && (*text)[after + 2] != 'Z' && (*text)[after + 2] != 'X';
}

bool is_server(pid_t pid, const fs::path& data, const place::Account& account) {
  if (!is_alive(pid)) return false;
  struct stat status {};
  if (stat(fmt::format("/proc/{}", pid).c_str(), &status) != 0 || status.st_uid != account.uid) return false;
  std::error_code unreadable;
  const auto where = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), unreadable);  // a postmaster works in its data
  return !unreadable && where == fs::canonical(data, unreadable);
}

bool is_postgres(pid_t pid, const place::Account& account) {
  struct stat status {};
  const auto process = fmt::format("/proc/{}", pid);
  if (!is_alive(pid) || stat(process.c_str(), &status) != 0 || status.st_uid != account.uid) return false;
  const auto name = read_file(process + "/comm", 64);
  return name && trim(*name) == "postgres";
}

pid_t launch(const place::Binaries& binaries, const fs::path& data, const fs::path& log,
             const place::Account& account) {
  std::vector<std::string> words{binaries.program("postgres"), "-D", data.string()};
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  const auto log_path = log.string();
  const auto old_log = log_path + ".old";
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(Errc::failed, fmt::format("cannot open a pipe: {}", errno_text(errno)));
  const Fd read_end{ends[0]};
  Fd write_end{ends[1]};
  const Launch plan{pointers(words), pointers(environment), log_path.c_str(), old_log.c_str(),
                    &account,        write_end.get()};

  // Twice, so that the server is nobody's child here: it outlives us, and leaves no zombie with a daemon.
  const pid_t between = fork();
  if (between < 0) throw Error(Errc::failed, fmt::format("cannot start postgres: {}", errno_text(errno)));
  if (between == 0) {
    setsid();
    const pid_t server = fork();
    if (server == 0) become_server(plan);
    _exit(server < 0 ? 1 : 0);
  }
  write_end = Fd{};
  int status = 0;
  while (waitpid(between, &status, 0) < 0 && errno == EINTR) {
  }
  Report report{};
  Report problem{};
  if (!read_report(read_end.get(), report))
    throw Error(Errc::failed, "cannot start postgres: no process could be made");
  if (read_report(read_end.get(), problem))
    throw Error(Errc::failed, fmt::format("cannot start {}: {}", words.front(), errno_text(problem.error)));
  return report.pid;
}

off_t log_size(const fs::path& log) {
  struct stat status {};
  return lstat(log.c_str(), &status) == 0 ? status.st_size : 0;
}

std::string last_word(const fs::path& log, off_t from) {
  constexpr std::size_t kLast = 65536;
  const Fd fd{open(log.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!fd) return {};
  struct stat status {};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  if (from > status.st_size) from = 0;
  std::string text(std::min<std::size_t>(kLast, static_cast<std::size_t>(status.st_size - from)), '\0');
  const auto got = pread(fd.get(), text.data(), text.size(), status.st_size - static_cast<off_t>(text.size()));
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));

  return telling_line(text);
}

std::string telling_line(std::string_view text) {
  std::string last;
  std::string before;  // the fatal line: it may say no more than that the one before is the reason
  std::string fatal;
  while (!text.empty()) {
    const auto line = without_prefix(next_line(text));
    if (line.empty() || line.find("removing ") != line.npos) continue;
    if (line.find("No space left on device") != line.npos || line.find("Disk quota exceeded") != line.npos)
      return clean_utf8(std::string{line});
    if (line.starts_with("FATAL:") || line.starts_with("PANIC:") || line.find("error: ") != line.npos) {
      before = last;
      fatal = line;
    }
    last = line;
  }
  if (fatal.find("contains errors") != fatal.npos && !before.empty()) fatal = before;
  return clean_utf8(fatal.empty() ? last : fatal);
}

void raise_failed(const std::string& doing, const std::string& said, const place::Paths& paths) {
  const auto has = [&said](std::string_view piece) { return said.find(piece) != said.npos; };
  const auto directory = paths.directory.string();
  if (has("No space left on device") || has("Disk quota exceeded"))
    throw Error(Errc::database, fmt::format("{}: the disk that holds {} is full", doing, directory),
                "Free space there, then run the command again; nothing was lost.");
  if (has("lock file \"postmaster.pid\"") || has("pre-existing shared memory block"))
    throw Error(Errc::database, fmt::format("{}: another server still uses {}: {}", doing, paths.data.string(), said),
                "End its processes ('ps -C postgres -f'), then run the command again.");
  if (has(".s.PGSQL.") || has("could not bind") || has("could not create any Unix-domain sockets"))
    throw Error(Errc::database, fmt::format("{}: its socket is in use: {}", doing, said),
                "End the other server, or choose another socket directory.");
  throw Error(Errc::database, fmt::format("{}: {}", doing, said.empty() ? "it said nothing" : said),
              log_size(paths.log) > 0 ? fmt::format("Read {}.", paths.log.string())
                                      : "Put that right, then run the command again.");
}

}  // namespace visitor::db::server
