#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/metrics.hpp"
#include "core/file.hpp"
#include "daemon/http/router.hpp"
#include "daemon/http/tls.hpp"
#include "net/address.hpp"

namespace visitor::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: the system chooses
  /// A listening TCP socket to use instead, as systemd hands over.
  Fd listening;
  std::size_t max_connections = 1024;
  std::chrono::milliseconds request_timeout{10'000};  ///< for the header and body to arrive; for the answer to be taken
  std::chrono::milliseconds idle_timeout{60'000};     ///< between two requests of one connection
  std::size_t header_limit = 16 * 1024;
  std::size_t body_limit = std::size_t{1} << 20;
  std::size_t workers = 4;
  std::size_t worker_queue = 64;
  std::size_t slow_workers = 1;  ///< for what takes long: Response::rest
  std::size_t slow_queue = 8;
  std::size_t max_streams = 32;  ///< answers with a Response::source at the same time
  std::chrono::milliseconds longest_stream{
      3'600'000};                     ///< that such an answer may take, besides request_timeout for each piece
  Tls tls;                            ///< nothing: in the clear
  std::vector<net::Network> proxies;  ///< whose X-Forwarded-For is believed
};

/// HTTP/1.1 on one port. One thread serves all connections; handlers that may wait run on a bounded worker pool.
///
/// | what happens                                | answer                                  |
/// |---------------------------------------------|-----------------------------------------|
/// | no request as RequestReader takes it        | 400, 413 or 431, closed                 |
/// | no such path; path with other methods       | 404; 405 with Allow                     |
/// | max_connections reached                     | the one that has waited longest for its |
/// |                                             | client is closed for the new one; where |
/// |                                             | none waits: 503 with Retry-After,       |
/// |                                             | closed; with TLS closed                 |
/// | worker queue full                           | 503 with Retry-After                    |
/// | the queue of what takes long is full, or    | 503 with Retry-After                    |
/// | max_streams reached                         |                                         |
/// | handler throws                              | the status of the Error's code, or 500; |
/// |                                             | only usage errors say what was wrong    |
/// | no TLS where there should be, or a handshake slower than request_timeout | closed     |
/// | request or answer slower than request_timeout, nothing for idle_timeout | closed      |
class Server {
 public:
  /// Listens and serves from here on.
  /// \throws Error config  the address cannot be listened on
  Server(ServerOptions options, Router router, app::Registry& registry);
  /// Closes what is still open.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port that it listens on.
  std::uint16_t port() const;

  /// For connections that come from now on. A server that speaks TLS does so for ever, and one that does not never
  /// will. Any thread.
  void change(Tls tls, std::vector<net::Network> proxies);

  /// Takes no more connections, closes idle ones, and lets requests that have begun come to their end.
  /// \returns true if all were closed within \p deadline; the rest is cut then
  bool drain(std::chrono::milliseconds deadline);

  struct Stats {
    std::size_t connections;
    std::size_t workers_busy;
    std::size_t workers_waiting;
    std::size_t slow_waiting;  ///< of what takes long
  };
  Stats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::http
