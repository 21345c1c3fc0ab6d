#include "net/watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "core/error.hpp"

namespace visitor::net {
namespace {

int make_eventfd() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) {
    throw Error(Errc::failed, "no file descriptor left for a network request",
                "Raise the limit of open files (LimitNOFILE in the unit, or ulimit -n).");
  }
  return fd;
}

}  // namespace

void Watch::Wake::operator()() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
}

Watch::Watch(TimePoint deadline, std::stop_token stop)
    : deadline_(deadline), wake_(make_eventfd()), on_stop_(std::move(stop), Wake{wake_.get()}) {}

std::optional<NetFailure> Watch::wait(int fd, short events, TimePoint until) const {
  using namespace std::chrono;
  const auto end = std::min(until, deadline_);
  for (;;) {
    const auto left = ceil<milliseconds>(end - steady_clock::now()).count();
    std::array<pollfd, 2> watched{{{wake_.get(), POLLIN, 0}, {fd, events, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
    if (ready < 0 && errno != EINTR) return NetFailure::unreachable;
    if (ready > 0 && watched[0].revents != 0) return NetFailure::interrupted;
    // A peer that always has one more byte must not outrun the deadline.
    if (left <= 0) return NetFailure::timeout;
    if (ready > 0) return std::nullopt;
  }
}

}  // namespace visitor::net
