#pragma once

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "daemon/http/server.hpp"

/// What the tests of the HTTP server share.
namespace visitor::test {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// A client that says exactly what a test wants, byte by byte.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool connected() const { return connected_; }

  /// \returns false where the other side has gone
  bool send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// What arrives until \p enough of it is there, the connection ends, or five seconds have passed.
  template <class Enough>
  std::string receive(Enough&& enough) {
    const auto deadline = SteadyClock::now() + 5s;
    while (!enough(received_)) {
      pollfd wait{fd_.get(), POLLIN, 0};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
      if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) break;
      char buffer[4096];
      const auto got = ::recv(fd_.get(), buffer, sizeof buffer, 0);
      if (got <= 0) {
        ended_ = true;
        break;
      }
      received_.append(buffer, static_cast<std::size_t>(got));
    }
    return std::exchange(received_, {});
  }

  /// One whole answer; the rest is kept for the next call.
  std::string answer() {
    std::size_t size = 0;
    const auto text = receive([&](const std::string& so_far) {
      const auto head = so_far.find("\r\n\r\n");
      if (head == std::string::npos) return false;
      const auto length = so_far.find("Content-Length: ");
      size = head + 4 + (length < head ? std::stoul(so_far.substr(length + 16)) : 0);
      return so_far.size() >= size;
    });
    if (size == 0 || text.size() < size) return text;
    received_ = text.substr(size);
    return text.substr(0, size);
  }

  /// True if the other side closes within five seconds; what it says before is dropped.
  bool closed() {
    receive([](const std::string&) { return false; });
    return ended_;
  }

  void half_close() { ::shutdown(fd_.get(), SHUT_WR); }

 private:
  Fd fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

inline std::string get(std::string_view path, std::string_view more = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, more);
}

/// Something that handlers wait at until a test opens it.
class Gate {
 public:
  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait_for(lock, 10s, [&] { return open_; });
  }
  void await(int count) {
    std::unique_lock lock{mutex_};
    BOOST_REQUIRE(changed_.wait_for(lock, 5s, [&] { return waiting_ >= count; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

/// Handlers of every kind, and the server's options; each test starts the server that it wants.
struct Served {
  app::Registry registry;
  Gate gate;
  http::Request seen;

  http::Router router() {
    http::Router router;
    const auto hello = [this](const http::Request& request) {
      seen = request;
      http::Response response;
      response.body = "hello\n";
      return response;
    };
    router.add("GET", "/hello", http::Where::here, hello);
    router.add("GET", "/worker", http::Where::worker, hello);
    router.add("GET", "/quick", http::Where::worker, [](const http::Request&) { return http::Response{}; });
    router.add("POST", "/echo", http::Where::worker, [](const http::Request& request) {
      http::Response response;
      response.body = request.body;
      return response;
    });
    router.add("PUT", "/echo", http::Where::here, hello);
    router.add("GET", "/echo", http::Where::here, hello);
    router.add("GET", "/wait", http::Where::worker, [this](const http::Request&) {
      gate.pass();
      return http::Response{};
    });
    router.add("GET", "/own-headers", http::Where::here, [](const http::Request&) {
      http::Response response;
      response.headers = {{"cache-control", "private"}, {"Vary", "Origin"}, {"Vary", "Accept"}};
      response.headers.emplace_back("Location", "/hello\r\nSet-Cookie: stolen=1");
      return response;
    });
    router.add("GET", "/large", http::Where::here, [](const http::Request&) {
      http::Response response;
      response.body.assign(std::size_t{32} << 20, 'x');
      return response;
    });
    router.add("GET", "/conflict", http::Where::here, [](const http::Request&) -> http::Response {
      throw Error(Errc::conflict, "visit 42 has already ended");
    });
    router.add("GET", "/secret", http::Where::worker, [](const http::Request&) -> http::Response {
      throw Error(Errc::database, "cannot connect to db.internal as visitor");
    });
    router.add("GET", "/bug", http::Where::worker,
               [](const http::Request&) -> http::Response { throw std::runtime_error("vector::at in line 7"); });
    return router;
  }

  static http::ServerOptions options() {
    http::ServerOptions options;
    options.request_timeout = 5s;
    options.idle_timeout = 5s;
    options.body_limit = 1000;
    return options;
  }
  static http::ServerOptions hasty() {
    auto options = Served::options();
    options.request_timeout = 300ms;
    options.idle_timeout = 300ms;
    return options;
  }
};

}  // namespace visitor::test
