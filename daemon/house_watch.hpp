#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "app/health.hpp"
#include "core/clock.hpp"

namespace visitor::daemon {

/// What the database says of the house, read at most once in a while however many ask.
class HouseWatch {
 public:
  HouseWatch(const Clock& clock, std::chrono::milliseconds max_age) : clock_(clock), max_age_(max_age) {}

  /// From now on reads through \p pool. Both outlive this.
  void open(db::Pool& pool, const config::Settings& settings);
  /// Ends a reading that waits; every later look() is empty.
  void stop();

  /// Nothing while the database is not open or does not answer: then the log says once why.
  std::optional<app::HouseFacts> look();

 private:
  const Clock& clock_;
  const std::chrono::milliseconds max_age_;
  std::stop_source stop_;
  std::mutex mutex_;  // held while reading, so that others wait for the same answer
  db::Pool* pool_ = nullptr;
  const config::Settings* settings_ = nullptr;
  std::optional<app::HouseFacts> facts_;
  std::optional<std::chrono::steady_clock::time_point> read_at_;
  std::string failure_;
};

}  // namespace visitor::daemon
