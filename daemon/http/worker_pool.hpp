#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace visitor::http {

/// A few threads and a bounded queue: what waits for the database, waits here.
class WorkerPool {
 public:
  /// \param queue_limit  jobs that may wait for a thread
  WorkerPool(std::size_t threads, std::size_t queue_limit);
  /// Finishes what runs; what waits is dropped.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// \param job  must not throw
  /// \returns false where the queue is full; then \p job is not run
  bool submit(std::function<void()> job);

  struct Stats {
    std::size_t threads;
    std::size_t busy;
    std::size_t waiting;
  };
  Stats stats() const;

 private:
  void run(const std::stop_token& stop);

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::function<void()>> queue_;
  std::size_t busy_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace visitor::http
