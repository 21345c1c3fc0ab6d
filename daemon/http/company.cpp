#include "daemon/http/company.hpp"

#include <algorithm>
#include <optional>

namespace visitor::http {
namespace {

constexpr std::size_t kMostAtOnce = 32;

}  // namespace

Company::Company(WorkerPool& workers, std::size_t threads, std::size_t limit, std::function<void(Waiting)> alone,
                 std::function<void(Answered)> answered)
    : workers_(workers),
      most_at_work_(std::max<std::size_t>(1, threads / 2)),
      limit_(limit),
      alone_(std::move(alone)),
      answered_(std::move(answered)) {}

bool Company::submit(Waiting request) {
  const std::lock_guard lock{mutex_};
  if (waiting_.size() >= limit_) return false;
  if (at_work_ < most_at_work_) {
    if (workers_.submit([this] { work(); }))
      ++at_work_;
    else if (at_work_ == 0)
      return false;
  }
  waiting_.push_back(std::move(request));
  return true;
}

std::size_t Company::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size();
}

std::vector<Waiting> Company::take() {
  const std::lock_guard lock{mutex_};
  std::vector<Waiting> taken;
  if (waiting_.empty()) {
    --at_work_;
    return taken;
  }
  const auto share = std::min((waiting_.size() + most_at_work_ - 1) / most_at_work_, kMostAtOnce);
  const auto* route = waiting_.front().route;
  taken.reserve(share);
  while (taken.size() < share && !waiting_.empty() && waiting_.front().route == route) {
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

void Company::work() {
  for (auto taken = take(); !taken.empty(); taken = take()) {
    std::vector<const Request*> requests;
    requests.reserve(taken.size());
    for (const auto& one : taken) requests.push_back(one.request);
    auto responses = taken.front().route->together(requests);
    Answered answered;
    answered.reserve(taken.size());
    std::vector<Waiting> alone;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (responses[i])
        answered.emplace_back(std::move(taken[i]), *std::move(responses[i]));
      else
        alone.push_back(std::move(taken[i]));
    }
    if (!answered.empty()) answered_(std::move(answered));
    for (auto& one : alone) alone_(std::move(one));
    // Whatever else waits for a worker has its turn.
    if (workers_.stats().waiting > 0 && workers_.submit([this] { work(); })) return;
  }
}

}  // namespace visitor::http
