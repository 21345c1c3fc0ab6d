#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "daemon/http/router.hpp"
#include "daemon/http/worker_pool.hpp"

namespace visitor::http {

/// A request that waits for a worker, and who waits for its answer.
struct Waiting {
  const Route* route;  ///< has together
  const Request* request;
  std::function<void(Response)> resume;
};

/// Requests that a route answers together. None is made to wait for company: whoever is there when a worker gets to
/// them goes, and who comes meanwhile goes with the next. So the busier it is, the more share one trip to the database.
class Company {
 public:
  using Answered = std::vector<std::pair<Waiting, Response>>;

  /// \param workers   no more than half of them are used, so that what takes long does not wait for these, nor they
  ///                  for it
  /// \param threads   how many workers there are
  /// \param limit     requests that may wait
  /// \param alone     takes the requests that have to go alone; called by a worker
  /// \param answered  takes those that have their answer; called by a worker
  Company(WorkerPool& workers, std::size_t threads, std::size_t limit, std::function<void(Waiting)> alone,
          std::function<void(Answered)> answered);

  /// \returns false where too many wait; then nothing comes of \p request
  bool submit(Waiting request);

  std::size_t waiting() const;

 private:
  void work();
  /// Those that one worker takes at once: its share, all of one route.
  std::vector<Waiting> take();

  WorkerPool& workers_;
  const std::size_t most_at_work_;
  const std::size_t limit_;
  const std::function<void(Waiting)> alone_;
  const std::function<void(Answered)> answered_;
  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;
  std::size_t at_work_ = 0;
};

}  // namespace visitor::http
