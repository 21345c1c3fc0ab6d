#include "daemon/api/rate_limit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace visitor::api {
namespace {

std::chrono::seconds time_for(double tokens, int per_minute) {
  return std::chrono::seconds{static_cast<std::int64_t>(std::ceil(std::max(tokens, 0.0) * 60 / per_minute))};
}

}  // namespace

void RateLimit::make_room() {
  if (buckets_.size() < most_kept_) return;
  const auto oldest = std::ranges::min_element(buckets_, {}, [](const auto& entry) { return entry.second.at; });
  buckets_.erase(oldest);
}

RateLimit::Verdict RateLimit::take(std::string_view who, Instant now) {
  const double most = per_minute_;
  const std::lock_guard lock{mutex_};
  auto at = buckets_.find(who);
  if (at == buckets_.end()) {
    make_room();
    at = buckets_.emplace(std::string{who}, Bucket{most, now}).first;
  }
  auto& bucket = at->second;
  // A clock that was set back gives nothing and takes nothing.
  const auto passed = std::chrono::duration<double, std::ratio<60>>(std::max(now - bucket.at, Instant::duration{0}));
  bucket.tokens = std::min(most, bucket.tokens + passed.count() * most);
  bucket.at = now;
  Verdict verdict;
  verdict.limit = per_minute_;
  verdict.allowed = bucket.tokens >= 1;
  if (verdict.allowed) bucket.tokens -= 1;
  verdict.remaining = static_cast<int>(bucket.tokens);
  verdict.wait =
      verdict.allowed ? time_for(most - bucket.tokens, per_minute_) : time_for(1 - bucket.tokens, per_minute_);
  return verdict;
}

}  // namespace visitor::api
