#include "net/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace visitor::net {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014), as a number from 0 up to and without 1.
double next_fraction(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  auto mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  mixed ^= mixed >> 31U;
  return static_cast<double>(mixed >> 11U) * 0x1.0p-53;
}

}  // namespace

std::chrono::milliseconds Backoff::next() {
  const auto most = static_cast<double>(policy_.most.count());
  // Past 64 doublings every wait is the longest one; the power would overflow some day.
  const auto grown = static_cast<double>(policy_.first.count()) *
                     std::pow(std::max(policy_.factor, 1.0), static_cast<double>(std::min(failures_, 64U)));
  const auto full = std::min(grown, most);
  const auto taken = std::clamp(policy_.jitter, 0.0, 1.0) * next_fraction(state_);
  ++failures_;
  return std::chrono::milliseconds{std::llround(full * (1.0 - taken))};
}

}  // namespace visitor::net
