#pragma once

#include "core/clock.hpp"
#include "core/guarded.hpp"

namespace visitor::test {

/// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}

  Instant now() const override;
  void set(Instant now);
  void advance(std::chrono::microseconds by);

 private:
  Guarded<Instant> now_;
};

/// The instant that \p text (ISO 8601, UTC unless it has an offset) names.
Instant at(std::string_view text);

}  // namespace visitor::test
