#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <thread>

#include "net/fd.hpp"

namespace visitor::test {

/// One accepted connection of a RawServer.
class RawPeer {
 public:
  RawPeer(int fd, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {}

  /// The head of the next request, or what came before the client hung up or the server stopped.
  std::string read_head() {
    std::string head;
    char byte = 0;
    while (head.find("\r\n\r\n") == std::string::npos && wait() && ::recv(fd_, &byte, 1, 0) == 1) head += byte;
    return head;
  }
  /// False once the client has gone.
  bool send(std::string_view text) {
    return !stopping_ && ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// Says nothing more until the client gives up.
  void hang() {
    char byte = 0;
    while (wait() && ::recv(fd_, &byte, 1, 0) == 1) {
    }
  }
  bool stopping() const { return stopping_; }

 private:
  bool wait() {
    while (!stopping_) {
      pollfd watched{fd_, POLLIN, 0};
      if (::poll(&watched, 1, 20) > 0) return true;
    }
    return false;
  }

  int fd_;
  const std::atomic<bool>& stopping_;
};

/// A TCP server on 127.0.0.1 that does to each connection exactly what the test says.
class RawServer {
 public:
  using Script = std::function<void(RawPeer&)>;

  explicit RawServer(Script script) : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_.get(), 128);
    socklen_t size = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  ~RawServer() {
    stopping_ = true;
    acceptor_.join();
    for (auto& peer : peers_) peer.join();
  }

  int port() const { return port_; }
  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
  }
  int connections() const { return connections_; }

 private:
  void accept_all() {
    while (!stopping_) {
      pollfd watched{listener_.get(), POLLIN, 0};
      if (::poll(&watched, 1, 20) <= 0) continue;
      const int fd = ::accept(listener_.get(), nullptr, nullptr);
      if (fd < 0) continue;
      ++connections_;
      peers_.emplace_back([this, fd] {
        const net::Fd owned{fd};
        RawPeer peer{fd, stopping_};
        script_(peer);
      });
    }
  }

  Script script_;
  net::Fd listener_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::list<std::thread> peers_;
  std::thread acceptor_;
};

}  // namespace visitor::test
