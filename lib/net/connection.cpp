#include "net/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"
#include "net/resolve.hpp"
#include "net/tls.hpp"

namespace visitor::net {
namespace {

NetFailure to_failure(int error) {
  switch (error) {
    case ECONNREFUSED:
      return NetFailure::refused;
    case ETIMEDOUT:
      return NetFailure::timeout;
    case ECONNRESET:
    case EPIPE:
      return NetFailure::closed;
    default:
      return NetFailure::unreachable;
  }
}

std::variant<Fd, NetFailure> connect_to(const SocketAddress& address, const Watch& watch, Watch::TimePoint until) {
  Fd fd{::socket(address.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP)};
  if (!fd) {
    if (errno != EMFILE && errno != ENFILE) return to_failure(errno);
    throw Error(Errc::failed, "no file descriptor left for a network request",
                "Raise the limit of open files (LimitNOFILE in the unit, or ulimit -n).");
  }
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* where = reinterpret_cast<const sockaddr*>(address.bytes.data());
  if (::connect(fd.get(), where, static_cast<socklen_t>(address.bytes.size())) == 0) return fd;
  if (errno != EINPROGRESS) return to_failure(errno);
  if (const auto failure = watch.wait(fd.get(), POLLOUT, until)) return *failure;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return to_failure(error);
  return fd;
}

using NameFunction = int (*)(int, sockaddr*, socklen_t*);

void name_end(int fd, NameFunction ask, std::string& address, std::uint16_t& port) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (ask(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
    port = ntohs(in.sin_port);
  } else {
    sockaddr_in6 in{};
    std::memcpy(&in, &storage, sizeof in);
    ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
    port = ntohs(in.sin6_port);
  }
  address = text.data();
}

}  // namespace

Connection::Connection(Fd fd) : fd_(std::move(fd)) {
  name_end(fd_.get(), ::getsockname, local_address_, local_port_);
  name_end(fd_.get(), ::getpeername, remote_address_, remote_port_);
}

Connection::~Connection() = default;

std::variant<std::unique_ptr<Connection>, HttpFailure> Connection::open(
    const Url& url, const TlsContext* tls, const std::optional<std::vector<Network>>& public_or, const Watch& watch,
    Watch::TimePoint until) {
  auto resolved = resolve(url.host, url.port, watch, until);
  if (const auto* failure = std::get_if<NetFailure>(&resolved)) return HttpFailure{*failure, {}, {}};

  auto failed = NetFailure::unreachable;
  auto& addresses = std::get<std::vector<SocketAddress>>(resolved);
  if (public_or) {
    const auto first = IpAddress::of(addresses.front());
    std::erase_if(addresses, [&](const auto& address) { return !may_connect(IpAddress::of(address), *public_or); });
    if (addresses.empty()) return HttpFailure{failed, to_text(first) + " is not a public address", {}};
  }
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // A dead first address may use up its share of the time only.
    const auto now = std::chrono::steady_clock::now();
    const auto share = now + (until - now) / static_cast<int>(addresses.size() - i);
    auto connected = connect_to(addresses[i], watch, share);
    if (const auto* failure = std::get_if<NetFailure>(&connected)) {
      failed = *failure;
      if (failed == NetFailure::interrupted) break;
      continue;
    }
    std::unique_ptr<Connection> connection{new Connection{std::move(std::get<Fd>(connected))}};
    if (!url.tls) return connection;
    auto session = TlsSession::connect(*tls, connection->fd(), url.host, watch, until);
    if (auto* failure = std::get_if<HttpFailure>(&session)) return std::move(*failure);
    connection->tls_ = std::move(std::get<std::unique_ptr<TlsSession>>(session));
    connection->certificate_ = connection->tls_->certificate();
    return connection;
  }
  return HttpFailure{failed, {}, {}};
}

std::variant<std::size_t, NetFailure> Connection::receive(char* to, std::size_t size, const Watch& watch) {
  if (std::chrono::steady_clock::now() >= watch.deadline()) return NetFailure::timeout;
  if (tls_) return tls_->read(to, size, watch);
  for (;;) {
    if (const auto failure = watch.wait(fd_.get(), POLLIN)) return *failure;
    const auto got = ::recv(fd_.get(), to, size, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EAGAIN && errno != EINTR) return to_failure(errno);
  }
}

std::variant<std::size_t, NetFailure> Connection::read(char* to, std::size_t size, const Watch& watch) {
  if (begin_ == end_) {
    const auto got = receive(buffer_.data(), buffer_.size(), watch);
    if (const auto* failure = std::get_if<NetFailure>(&got)) return *failure;
    begin_ = 0;
    end_ = std::get<std::size_t>(got);
  }
  const auto count = std::min(size, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, count);
  begin_ += count;
  return count;
}

std::optional<NetFailure> Connection::write(const char* from, std::size_t size, const Watch& watch) {
  if (tls_) return tls_->write(from, size, watch);
  while (size > 0) {
    if (std::chrono::steady_clock::now() >= watch.deadline()) return NetFailure::timeout;
    const auto sent = ::send(fd_.get(), from, size, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) return to_failure(errno);
      if (const auto failure = watch.wait(fd_.get(), POLLOUT)) return failure;
      continue;
    }
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return std::nullopt;
}

bool Connection::is_idle() const {
  if (begin_ != end_ || (tls_ && tls_->has_pending())) return false;
  pollfd watched{fd_.get(), POLLIN, 0};
  return ::poll(&watched, 1, 0) == 0;
}

}  // namespace visitor::net
