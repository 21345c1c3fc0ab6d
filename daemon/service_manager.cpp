#include "daemon/service_manager.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "core/error.hpp"

namespace visitor::daemon::service_manager {

void ready(const std::string& status) {
  sd_notify(0, fmt::format("READY=1\nSTATUS={}", status).c_str());
}

void status(const std::string& status) {
  sd_notify(0, fmt::format("STATUS={}", status).c_str());
}

void reloading() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds).c_str());
}

void stopping() {
  sd_notify(0, "STOPPING=1\nSTATUS=finishing what has begun");
}

void feed_watchdog() {
  sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds{microseconds};
}

Fd listening_socket() {
  const int count = sd_listen_fds(1);
  if (count <= 0) return {};
  if (count > 1)
    throw Error(Errc::config, fmt::format("the service manager handed over {} sockets", count),
                "Keep one ListenStream= in visitord.socket.");
  return Fd{SD_LISTEN_FDS_START};
}

}  // namespace visitor::daemon::service_manager
