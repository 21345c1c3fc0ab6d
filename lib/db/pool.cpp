#include "db/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace visitor::db {

struct Pool::Impl {
  struct Waiter {
    std::condition_variable_any woken;
    bool granted = false;
  };

  PoolOptions options;
  mutable std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;  // the last one given back is taken first
  std::size_t in_use = 0;                         // slots, with or without a connection yet
  std::deque<Waiter*> waiting;
  std::uint64_t opened = 0;
  std::uint64_t timed_out = 0;

  void take_slot(std::stop_token stop);
  void free_slot() noexcept;
  std::unique_ptr<Connection> take_idle();
};

void Pool::Impl::take_slot(std::stop_token stop) {
  std::unique_lock lock{mutex};
  if (waiting.empty() && in_use < options.size) {
    ++in_use;
    return;
  }
  Waiter waiter;
  waiting.push_back(&waiter);
  waiter.woken.wait_for(lock, stop, options.wait_deadline, [&waiter] { return waiter.granted; });
  if (waiter.granted) return;
  waiting.erase(std::find(waiting.begin(), waiting.end(), &waiter));
  if (stop.stop_requested()) throw Error(Errc::interrupted, "stopped while waiting for a connection to the database");
  ++timed_out;
  throw Error(Errc::database,
              fmt::format("no free connection to the database within {} s", options.wait_deadline.count() / 1000.0),
              "Look at slow statements on the server, or give the pool more connections.");
}

void Pool::Impl::free_slot() noexcept {
  const std::lock_guard lock{mutex};
  if (waiting.empty()) {
    --in_use;
    return;
  }
  // The slot goes straight to the one who has waited longest: nobody who comes now can overtake.
  auto* next = waiting.front();
  waiting.pop_front();
  next->granted = true;
  next->woken.notify_one();
}

std::unique_ptr<Connection> Pool::Impl::take_idle() {
  const std::lock_guard lock{mutex};
  if (idle.empty()) return nullptr;
  auto connection = std::move(idle.back());
  idle.pop_back();
  return connection;
}

Pool::Pool(PoolOptions options) : impl_(std::make_unique<Impl>()) {
  if (options.size == 0) throw Error(Errc::usage, "a pool needs room for one connection", "Use a size of 1 or more.");
  impl_->options = std::move(options);
  impl_->idle.reserve(impl_->options.size);
}

Pool::~Pool() = default;

Pool::Lease Pool::acquire(std::stop_token stop) {
  impl_->take_slot(std::move(stop));
  try {
    while (auto connection = impl_->take_idle())
      if (connection->alive()) return Lease{*this, std::move(connection)};
    auto fresh = std::make_unique<Connection>(impl_->options.connection);
    {
      const std::lock_guard lock{impl_->mutex};
      ++impl_->opened;
    }
    return Lease{*this, std::move(fresh)};
  } catch (...) {
    impl_->free_slot();
    throw;
  }
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
  if (connection->idle()) {  // whether it still lives is looked at when it is taken
    const std::lock_guard lock{impl_->mutex};
    impl_->idle.push_back(std::move(connection));
  }
  connection.reset();
  impl_->free_slot();
}

Pool::Stats Pool::stats() const {
  const std::lock_guard lock{impl_->mutex};
  return {impl_->options.size, impl_->idle.size() + impl_->in_use, impl_->in_use, impl_->waiting.size(), impl_->opened,
          impl_->timed_out};
}

const PoolOptions& Pool::options() const {
  return impl_->options;
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

}  // namespace visitor::db
