#include "core/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/error.hpp"

namespace visitor {
namespace {

constexpr int kStopPoll = 200;           // milliseconds until a requested stop is noticed
constexpr int kPipeBytes = 1024 * 1024;  // fewer switches between the two programs

}  // namespace

Child::Child(const ProcessOptions& options)
    : name_(options.argv.front()), stop_(options.stop), pid_(start_child(options, streams_)) {
  // As large as the system lets us have it; smaller is only slower.
  fcntl(streams_.in.get(), F_SETPIPE_SZ, kPipeBytes);
  fcntl(streams_.out.get(), F_SETPIPE_SZ, kPipeBytes);
  fcntl(streams_.in.get(), F_SETFL, O_NONBLOCK);
  listener_ = std::jthread{[this, limit = options.output_limit] {
    std::array<char, 4096> buffer{};
    for (;;) {
      const auto got = ::read(streams_.err.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return;
      const auto room = limit - std::min(limit, errors_.size());
      errors_.append(buffer.data(), std::min(static_cast<std::size_t>(got), room));
    }
  }};
}

Child::~Child() {
  if (pid_ >= 0) {
    kill_group();
    wait();
  }
}

void Child::kill_group() noexcept {
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

std::size_t Child::read(std::span<std::byte> to) {
  if (to.empty()) return 0;
  for (;;) {
    if (stop_.stop_requested()) throw Error(Errc::interrupted, fmt::format("{} was stopped", name_));
    pollfd ready{streams_.out.get(), POLLIN, 0};
    if (poll(&ready, 1, kStopPoll) <= 0) continue;
    const auto got = ::read(streams_.out.get(), to.data(), to.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR && errno != EAGAIN)
      throw Error(Errc::failed, fmt::format("cannot read what {} writes: {}", name_, errno_text(errno)));
  }
}

bool Child::write(std::span<const std::byte> bytes) {
  std::string_view unsent{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  while (!unsent.empty()) {
    if (stop_.stop_requested()) throw Error(Errc::interrupted, fmt::format("{} was stopped", name_));
    pollfd ready{streams_.in.get(), POLLOUT, 0};
    if (poll(&ready, 1, kStopPoll) <= 0) continue;
    const auto sent = write_quietly(streams_.in.get(), unsent);
    if (sent > 0) unsent.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
  }
  return true;
}

void Child::end_input() {
  streams_.in = Fd{};
}

bool Child::running() const {
  if (pid_ < 0) return false;
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

int Child::wait() {
  if (pid_ < 0) return status_;
  streams_.in = Fd{};
  status_ = collect_child(std::exchange(pid_, -1));
  if (listener_.joinable()) listener_.join();
  return status_;
}

}  // namespace visitor
