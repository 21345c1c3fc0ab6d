#include "load.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::bench {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kChunk = 64 * 1024;

timespec to_timespec(std::chrono::nanoseconds time) {
  const auto left = std::max(time, std::chrono::nanoseconds{0}).count();
  return {left / 1'000'000'000, left % 1'000'000'000};
}

/// The value of a header field in \p head, which holds whole lines; \p name in lower case.
std::optional<std::string_view> field(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at)) {
    at += 2;
    const auto line = head.substr(at, head.find('\r', at) - at);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (equal_ignoring_case(line.substr(0, name.size()), name)) return trim(line.substr(name.size() + 1));
  }
  return std::nullopt;
}

}  // namespace

struct Client::Connection {
  Fd socket;
  std::string out;
  std::string in;
  std::size_t whole = 0;  // bytes of the answer, once its head is there
  bool closes = false;
  bool busy = false;
  Wall::time_point since;
};

Client::Client(std::uint16_t port, int connections, NextRequest next)
    : port_(port), next_(std::move(next)), epoll_(epoll_create1(EPOLL_CLOEXEC)), chunk_(kChunk) {
  if (epoll_ < 0) throw Error(Errc::failed, fmt::format("cannot make an epoll: {}", errno_text(errno)));
  connections_.resize(static_cast<std::size_t>(connections));
  for (auto& connection : connections_) open(connection);
}

Client::~Client() {
  close(epoll_);
}

void Client::open(Connection& connection) {
  connection.socket = Fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(connection.socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw Error(Errc::failed, fmt::format("cannot connect to port {}: {}", port_, errno_text(errno)));
  const int on = 1;
  setsockopt(connection.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &connection;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket.get(), &event);
}

void Client::send(Connection& connection, Wall::time_point since) {
  next_(connection.out);
  connection.in.clear();
  connection.whole = 0;
  connection.since = since;
  connection.busy = true;
  ++in_flight_;
  // A request is far smaller than the buffer of a socket.
  const auto sent = ::send(connection.socket.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(connection.out.size()))
    throw Error(Errc::failed, fmt::format("port {} does not take a request: {}", port_, errno_text(errno)));
}

bool Client::receive(Connection& connection) {
  auto& in = connection.in;
  const auto got = recv(connection.socket.get(), chunk_.data(), chunk_.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (got <= 0) {
    // Between two requests a server may close.
    if (!connection.busy) {
      open(connection);
      return false;
    }
    throw Error(Errc::failed, fmt::format("port {} has closed in the middle of an answer: {}", port_, in));
  }
  in.append(chunk_.data(), static_cast<std::size_t>(got));
  if (connection.whole == 0) {
    const auto end = in.find("\r\n\r\n");
    if (end == in.npos) return false;
    const auto head = std::string_view{in}.substr(0, end + 2);
    const auto length = field(head, "content-length");
    if (head.substr(8, 5) != " 200 " || !length)
      throw Error(Errc::failed, fmt::format("port {} answers {}", port_, in.substr(0, 2'000)));
    connection.whole = end + 4 + static_cast<std::size_t>(to_integer(*length).value_or(0));
    connection.closes = equal_ignoring_case(field(head, "connection").value_or(""), "close");
  }
  return in.size() >= connection.whole;
}

void Client::wait(Wall::time_point until, const std::function<void(Connection&)>& use) {
  std::array<epoll_event, 64> events;
  const auto time = to_timespec(until - Wall::now());
  const int count = epoll_pwait2(epoll_, events.data(), events.size(), &time, nullptr);
  for (int i = 0; i < count; ++i) {
    auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (!receive(connection)) continue;
    connection.busy = false;
    --in_flight_;
    last_answer_ = Wall::now();
    if (connection.closes) open(connection);
    use(connection);
  }
  if (in_flight_ > 0 && Wall::now() > last_answer_ + kPatience)
    throw Error(Errc::failed, fmt::format("port {} does not answer", port_));
}

void Client::finish(const std::function<void(Connection&)>& use) {
  while (in_flight_ > 0) wait(Wall::now() + kPatience, use);
}

Load Client::closed(std::chrono::duration<double> time) {
  Load load;
  const auto begin = Wall::now();
  const auto end = begin + std::chrono::duration_cast<Wall::duration>(time);
  last_answer_ = begin;
  for (auto& connection : connections_) send(connection, Wall::now());
  const auto note = [&](const Connection& connection) {
    load.milliseconds.push_back(std::chrono::duration<double, std::milli>(last_answer_ - connection.since).count());
  };
  while (Wall::now() < end)
    wait(end, [&](Connection& connection) {
      note(connection);
      send(connection, last_answer_);
    });
  finish(note);
  load.seconds = std::chrono::duration<double>(Wall::now() - begin).count();
  return load;
}

Load Client::steady(std::chrono::duration<double> time, double per_second) {
  Load load;
  const auto begin = Wall::now();
  const auto end = begin + std::chrono::duration_cast<Wall::duration>(time);
  last_answer_ = begin;
  std::vector<Connection*> free;
  for (auto& connection : connections_) free.push_back(&connection);
  const auto note = [&](Connection& connection) {
    load.milliseconds.push_back(std::chrono::duration<double, std::milli>(last_answer_ - connection.since).count());
    free.push_back(&connection);
  };
  const auto due = [&](std::size_t number) {
    return begin + std::chrono::duration_cast<Wall::duration>(
                       std::chrono::duration<double>(static_cast<double>(number) / per_second));
  };
  std::size_t asked = 0;
  while (due(asked) < end) {
    for (; due(asked) < std::min(end, Wall::now()) && !free.empty(); ++asked) {
      auto* connection = free.back();
      free.pop_back();
      send(*connection, due(asked));
    }
    if (Wall::now() > end + kPatience)
      throw Error(Errc::failed, fmt::format("port {} cannot answer {:.0f} requests a second", port_, per_second));
    wait(free.empty() ? Wall::now() + kPatience : due(asked), note);
  }
  finish(note);
  load.seconds = std::chrono::duration<double>(Wall::now() - begin).count();
  return load;
}

}  // namespace visitor::bench
