#include "core/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "core/child.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

extern char** environ;

namespace visitor {
namespace {

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(Errc::failed, fmt::format("cannot open a pipe: {}", errno_text(errno)));
  return {Fd{ends[0]}, Fd{ends[1]}};
}

std::vector<std::string> merged_environment(const ProcessOptions& options) {
  const auto& extra = options.environment;
  std::vector<std::string> merged = extra;
  if (options.clean_environment) return merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view ours{*entry};
    const auto name = ours.substr(0, ours.find('=') + 1);
    bool replaced = false;
    for (const auto& added : extra) replaced = replaced || std::string_view{added}.starts_with(name);
    if (!replaced) merged.emplace_back(ours);
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// Between fork and exec: only calls that are safe there. Reports errno through \p report and ends.
[[noreturn]] void become(const ProcessOptions& options, char* const* argv, char* const* envp, int in, int out, int err,
                         int report) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  bool ok = dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(err, 2) == 2;
  ok = ok && (options.detach ? setsid() >= 0 : setpgid(0, 0) == 0);
  // Whatever a library has opened without O_CLOEXEC; one by one where the kernel is older than 5.11.
  constexpr int kMostDescriptors = 4096;
  if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
    for (int fd = 3; fd < kMostDescriptors; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
  ok = ok && (options.directory.empty() || chdir(options.directory.c_str()) == 0);
  if (ok && options.run_as) {
    const auto& who = *options.run_as;
    ok = setgroups(1, &who.gid) == 0 && setgid(who.gid) == 0 && setuid(who.uid) == 0 && chdir("/") == 0;
  }
  if (ok) execvpe(argv[0], argv, envp);
  const int error = errno;
  [[maybe_unused]] const auto written = write(report, &error, sizeof error);
  _exit(127);
}

}  // namespace

std::optional<RunAs> find_account(const std::string& name) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  return RunAs{found->pw_uid, found->pw_gid, name};
}

ssize_t write_quietly(int fd, std::string_view bytes) {
  sigset_t pipe, before;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  const auto sent = ::write(fd, bytes.data(), bytes.size());
  const int error = errno;
  if (sent < 0 && error == EPIPE && sigismember(&before, SIGPIPE) == 0) {
    const timespec now{};
    sigtimedwait(&pipe, nullptr, &now);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return sent;
}

int collect_child(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t start_child(const ProcessOptions& options, ChildStreams& streams) {
  auto words = options.argv;
  auto environment = merged_environment(options);
  const auto argv = pointers(words);
  const auto envp = pointers(environment);

  auto in = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  auto report = make_pipe();
  const pid_t child = fork();
  if (child < 0) throw Error(Errc::failed, fmt::format("cannot start {}: {}", words.front(), errno_text(errno)));
  if (child == 0)
    become(options, argv.data(), envp.data(), in.read.get(), out.write.get(), err.write.get(), report.write.get());
  for (Fd* theirs : {&in.read, &out.write, &err.write, &report.write}) *theirs = Fd{};

  int error = 0;
  if (::read(report.read.get(), &error, sizeof error) == sizeof error) {
    collect_child(child);
    throw Error(Errc::failed, fmt::format("cannot run {}: {}", words.front(), errno_text(error)));
  }
  streams = {std::move(in.write), std::move(out.read), std::move(err.read)};
  return child;
}

ProcessResult run_process(const ProcessOptions& options) {
  ChildStreams streams;
  const pid_t child = start_child(options, streams);
  auto& [in, out, err] = streams;
  ProcessResult result;
  std::string_view unsent = options.input;
  if (unsent.empty()) in = Fd{};
  if (in) fcntl(in.get(), F_SETFL, O_NONBLOCK);
  auto end = std::chrono::steady_clock::now() + options.deadline;
  // A detached child hands its streams to a server that outlives it, so waiting for end-of-file alone would hang. The
  // descriptor wakes us when it ends; without one (Linux before 5.3) that is seen at the next turn.
  Fd ending{static_cast<int>(syscall(SYS_pidfd_open, child, 0))};
  bool ended = false;
  while (out || err || !ended) {
    const auto now = std::chrono::steady_clock::now();
    if (!result.stopped && options.stop.stop_requested()) {
      result.stopped = true;
      end = std::min(end, now + options.grace);
      if (options.grace.count() > 0) kill(child, SIGTERM);
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now);
    if (left.count() <= 0) {
      result.timed_out = !result.stopped;
      kill(-child, SIGKILL);
      kill(child, SIGKILL);
      break;
    }
    std::array polls{pollfd{out.get(), POLLIN, 0}, pollfd{err.get(), POLLIN, 0}, pollfd{in.get(), POLLOUT, 0},
                     pollfd{ending.get(), POLLIN, 0}};
    poll(polls.data(), polls.size(), static_cast<int>(std::min<long long>(left.count(), 20)));
    const auto drain = [&](Fd& fd, std::string& into, short events) {
      if (!fd || events == 0) return;
      std::array<char, 8192> buffer{};
      const auto got = ::read(fd.get(), buffer.data(), buffer.size());
      if (got > 0)
        into.append(buffer.data(),
                    std::min<std::size_t>(static_cast<std::size_t>(got),
                                          options.output_limit - std::min(options.output_limit, into.size())));
      else if (got == 0 || errno != EINTR)
        fd = Fd{};
    };
    drain(out, result.out, polls[0].revents);
    drain(err, result.err, polls[1].revents);
    if (in && polls[2].revents != 0) {
      const auto sent = write_quietly(in.get(), unsent);
      if (sent > 0) unsent.remove_prefix(static_cast<std::size_t>(sent));
      if ((sent < 0 && errno != EAGAIN && errno != EINTR) || unsent.empty()) in = Fd{};
    }
    if (!ended) {
      siginfo_t state{};
      ended =
          waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == child;
      if (ended) ending = Fd{};
    } else if (polls[0].revents == 0 && polls[1].revents == 0) {
      break;
    }
  }
  result.status = collect_child(child);
  return result;
}

}  // namespace visitor
