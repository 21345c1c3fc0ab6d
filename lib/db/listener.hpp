#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "db/connection.hpp"

namespace visitor::db {

struct Notification {
  std::string channel;
  std::string payload;  ///< may be empty; 8,000 bytes at most
};

/// What one Listener::wait brought.
struct Heard {
  std::vector<Notification> notifications;  ///< in the order of commit; empty after a time-out
  /// A (new) connection began to listen during this wait, the first one included: notifications sent before may be
  /// missing, so read again whatever they announce.
  bool reconnected = false;
  bool connected = false;  ///< at the end of the wait
  std::string problem;     ///< why not, in one line; empty while connected
};

/// Hears NOTIFY on some channels through a connection of its own, outside of any pool.
class Listener {
 public:
  /// Does not connect yet.
  /// \param channels  names as in NOTIFY; at least one
  Listener(ConnectionOptions options, std::vector<std::string> channels);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Waits until something is heard, \p timeout is over or \p stop is requested. Connects where needed; while the
  /// server is away it tries again with growing pauses of up to five seconds and says so in the result instead of
  /// throwing.
  Heard wait(std::chrono::milliseconds timeout, std::stop_token stop = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::db
