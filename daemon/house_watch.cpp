#include "daemon/house_watch.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

namespace visitor::daemon {

void HouseWatch::open(db::Pool& pool, const config::Settings& settings) {
  const std::lock_guard lock{mutex_};
  pool_ = &pool;
  settings_ = &settings;
  read_at_.reset();
}

void HouseWatch::stop() {
  stop_.request_stop();
}

std::optional<app::HouseFacts> HouseWatch::look() {
  const std::lock_guard lock{mutex_};
  if (pool_ == nullptr || stop_.stop_requested()) return std::nullopt;
  const auto now = std::chrono::steady_clock::now();
  if (read_at_ && now - *read_at_ < max_age_) return facts_;
  try {
    facts_ = app::look_at_house(*pool_, *settings_, clock_, stop_.get_token());
    failure_.clear();
  } catch (const Error& error) {
    facts_.reset();
    if (failure_ != error.message() && !stop_.stop_requested()) log::warn("health: {}", error.message());
    failure_ = error.message();
  }
  // The age counts from the end, so that a slow database is not asked without a pause.
  read_at_ = std::chrono::steady_clock::now();
  return facts_;
}

}  // namespace visitor::daemon
