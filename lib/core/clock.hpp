#pragma once

#include "core/instant.hpp"

namespace visitor {

/// Where the time comes from. Tests pass one that stands still (tests/support/manual_clock.hpp).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace visitor
