#include "net/resolve.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "core/error.hpp"

namespace visitor::net {
namespace {

constexpr std::size_t kMostAddresses = 8;

std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};

  std::vector<SocketAddress> result;
  for (const auto* entry = found; entry != nullptr && result.size() < kMostAddresses; entry = entry->ai_next) {
    SocketAddress address{entry->ai_family, std::vector<std::byte>(entry->ai_addrlen)};
    std::memcpy(address.bytes.data(), entry->ai_addr, entry->ai_addrlen);
    result.push_back(std::move(address));
  }
  return result;
}

/// Shared with the look-up thread, which may outlive the caller.
struct LookUp {
  std::mutex mutex;
  std::vector<SocketAddress> answer;
  Fd done{::eventfd(0, EFD_CLOEXEC)};
};

}  // namespace

std::variant<std::vector<SocketAddress>, NetFailure> resolve(const std::string& host, std::uint16_t port,
                                                             const Watch& watch, Watch::TimePoint until) {
  if (auto numeric = look_up(host, port, AI_NUMERICHOST); !numeric.empty()) return numeric;

  const auto shared = std::make_shared<LookUp>();
  if (!shared->done) {
    throw Error(Errc::failed, "no file descriptor left for a network request",
                "Raise the limit of open files (LimitNOFILE in the unit, or ulimit -n).");
  }
  std::thread([shared, host, port] {
    auto addresses = look_up(host, port, 0);
    const std::lock_guard lock{shared->mutex};
    shared->answer = std::move(addresses);
    ::eventfd_write(shared->done.get(), 1);
  }).detach();

  if (const auto failure = watch.wait(shared->done.get(), POLLIN, until)) {
    return *failure == NetFailure::interrupted ? NetFailure::interrupted : NetFailure::name_resolution;
  }
  const std::lock_guard lock{shared->mutex};
  if (shared->answer.empty()) return NetFailure::name_resolution;
  return std::move(shared->answer);
}

}  // namespace visitor::net
