#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/instant.hpp"

namespace visitor::api {

/// How many requests each may make. Somebody who was quiet may make a minute's worth at once, and from then on as many
/// a minute as the limit says. Counted by this process alone. Any thread.
class RateLimit {
 public:
  /// \param most_kept  so many are told apart; where there are more, those are forgotten who were quiet for longest
  explicit RateLimit(int per_minute, std::size_t most_kept = 10'000) : per_minute_(per_minute), most_kept_(most_kept) {}

  struct Verdict {
    bool allowed = true;
    int limit = 0;
    int remaining = 0;            ///< that may follow right now
    std::chrono::seconds wait{};  ///< refused: until the next one is allowed; allowed: until all are there again
  };
  /// Takes one of \p who.
  Verdict take(std::string_view who, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant at;
  };
  void make_room();

  const int per_minute_;
  const std::size_t most_kept_;
  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace visitor::api
