#include "support/manual_clock.hpp"

#include "core/zone.hpp"

namespace visitor::test {

Instant ManualClock::now() const {
  return now_.with([](const Instant& now) { return now; });
}

void ManualClock::set(Instant now) {
  now_.with([&](Instant& value) { value = now; });
}

void ManualClock::advance(std::chrono::microseconds by) {
  now_.with([&](Instant& value) { value += by; });
}

Instant at(std::string_view text) {
  return parse_moment(text, Instant{}, Zone::utc());
}

}  // namespace visitor::test
