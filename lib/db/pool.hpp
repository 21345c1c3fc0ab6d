#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>

#include "db/connection.hpp"

namespace visitor::db {

struct PoolOptions {
  ConnectionOptions connection;
  std::size_t size = 8;                            ///< connections at most; 1 or more
  std::chrono::milliseconds wait_deadline{5'000};  ///< for a free one
};

/// A bounded set of connections, each opened when first needed. May be used by any number of threads.
///
/// Whoever waits is served in the order of asking. A connection that has broken, or comes back with a transaction
/// open, is dropped, and the next one who asks opens a new one: after a restart of the server the pool recovers by
/// itself.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  /// All leases must have ended.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// The right to use one connection; gives it back when it goes.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection);
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// \throws Error database          no free connection within the wait deadline
  /// \throws Error interrupted       \p stop was requested meanwhile
  /// \throws DatabaseError database  a new connection was needed and cannot be made
  Lease acquire(std::stop_token stop = {});

  struct Stats {
    std::size_t size;  ///< the bound
    std::size_t open;  ///< connected: idle or in use
    std::size_t in_use;
    std::size_t waiting;      ///< callers
    std::uint64_t opened;     ///< connections made since the start
    std::uint64_t timed_out;  ///< callers that gave up waiting
  };
  Stats stats() const;

  const PoolOptions& options() const;

 private:
  void give_back(std::unique_ptr<Connection> connection) noexcept;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::db
