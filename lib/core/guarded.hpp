#pragma once

#include <mutex>
#include <utility>

namespace visitor {

/// A value that can only be reached through its lock.
template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  /// Runs \p use on the value while the lock is held, and hands on what it returns.
  template <class Use>
  decltype(auto) with(Use&& use) {
    const std::lock_guard lock{mutex_};
    return std::forward<Use>(use)(value_);
  }
  template <class Use>
  decltype(auto) with(Use&& use) const {
    const std::lock_guard lock{mutex_};
    return std::forward<Use>(use)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace visitor
