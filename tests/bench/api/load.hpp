#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace visitor::bench {

/// Writes the next request, whole, over what \p out holds.
using NextRequest = std::function<void(std::string& out)>;

/// What came of many requests. Every answer had status 200 and came to its end.
struct Load {
  double seconds = 0;
  std::vector<double> milliseconds;  ///< how long each took

  double rate() const { return static_cast<double>(milliseconds.size()) / seconds; }
};

/// Requests over HTTP/1.1 to 127.0.0.1, from one thread. Connections are kept for as long as the server keeps them.
class Client {
 public:
  Client(std::uint16_t port, int connections, NextRequest next);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// On every connection the next request as soon as the last one was answered.
  /// \throws Error failed  another status, an answer without Content-Length, or none within ten seconds; says what came
  Load closed(std::chrono::duration<double> time);

  /// So many a second, however fast they are answered. Each took as long as passed since it was due, so that waiting
  /// for a free connection counts. \throws Error failed  as closed(), or the server falls ever more behind
  Load steady(std::chrono::duration<double> time, double per_second);

 private:
  using Wall = std::chrono::steady_clock;
  struct Connection;

  void open(Connection& connection);
  void send(Connection& connection, Wall::time_point since);
  /// \returns whether an answer came to its end
  bool receive(Connection& connection);
  /// Waits for answers until \p until; \p use is called with the connection of each.
  void wait(Wall::time_point until, const std::function<void(Connection&)>& use);
  void finish(const std::function<void(Connection&)>& use);

  const std::uint16_t port_;
  const NextRequest next_;
  int epoll_ = -1;
  std::vector<char> chunk_;
  int in_flight_ = 0;
  Wall::time_point last_answer_;
  std::vector<Connection> connections_;
};

}  // namespace visitor::bench
