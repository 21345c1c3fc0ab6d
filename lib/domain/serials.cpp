#include "domain/serials.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace visitor::domain {
namespace {

/// Positions in the order in which the terminal wrote: most lists are one way or the other throughout.
std::vector<std::size_t> in_log_order(std::span<const SerialFact> facts) {
  std::vector<std::size_t> order;
  order.reserve(facts.size());
  std::size_t rising = 0, falling = 0;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    order.push_back(i);
    if (i > 0 && facts[i].serial > facts[i - 1].serial) ++rising;
    if (i > 0 && facts[i].serial < facts[i - 1].serial) ++falling;
  }
  if (falling > rising) std::reverse(order.begin(), order.end());
  return order;
}

class Counting {
 public:
  explicit Counting(const SerialState& state) : state_(state), first_epoch_(state.epoch), before_(state.last) {
    if (state.last > 0) seen_[state.epoch].insert(state.last);
  }

  int place(const SerialFact& fact) {
    if (fact.known_epoch) {
      if (fact.serial > 0) seen_[*fact.known_epoch].insert(fact.serial);
      return *fact.known_epoch;
    }
    if (fact.serial < 1) return state_.epoch;
    auto& seen = seen_[state_.epoch];
    if (fact.noise) {
      if (fact.serial > state_.last)
        see(fact);
      else
        seen.insert(fact.serial);
      return state_.epoch;
    }
    if (restarted_at_ && fact.at && *fact.at < *restarted_at_ && fact.serial > before_restart_) return left_over(fact);
    if (fact.serial > state_.last) {
      see(fact);
      return state_.epoch;
    }
    const bool of_the_start = state_.epoch == first_epoch_;
    const bool taken = rows_.contains(fact.serial) || (of_the_start && fact.taken);
    const bool newer = fact.at && state_.last_at && *fact.at > *state_.last_at;
    const bool fills = (of_the_start && fact.missing) || in_page_gap(fact.serial);
    if (taken || (newer && !fills)) return restart(fact);
    rows_.insert(fact.serial);
    seen.insert(fact.serial);
    grow(fact.at);
    return state_.epoch;
  }

  const SerialState& state() const { return state_; }

  std::vector<SerialGap> gaps() const {
    std::vector<SerialGap> gaps;
    for (const auto& [epoch, seen] : seen_) {
      if (epoch < first_epoch_) continue;
      std::optional<std::int64_t> previous;
      for (const auto serial : seen) {
        // What lies below the last number before the page was looked at when that came.
        const bool new_ground = epoch > first_epoch_ || serial > before_;
        if (previous && new_ground && serial > *previous + 1) gaps.push_back({epoch, *previous + 1, serial - 1});
        previous = serial;
      }
    }
    return gaps;
  }

 private:
  void see(const SerialFact& fact) {
    state_.last = fact.serial;
    seen_[state_.epoch].insert(fact.serial);
    if (fact.noise) return;
    rows_.insert(fact.serial);
    grow(fact.at);
  }

  void grow(std::optional<Instant> at) {
    if (at && (!state_.last_at || *at > *state_.last_at)) state_.last_at = at;
  }

  int restart(const SerialFact& fact) {
    before_restart_ = state_.last;
    restarted_at_ = fact.at;
    ++state_.epoch;
    state_.last = 0;
    rows_.clear();
    see(fact);
    return state_.epoch;
  }

  /// A row of the time before the restart that comes after it in the page.
  int left_over(const SerialFact& fact) {
    before_restart_ = fact.serial;
    seen_[state_.epoch - 1].insert(fact.serial);
    return state_.epoch - 1;
  }

  bool in_page_gap(std::int64_t serial) const {
    const auto seen = seen_.find(state_.epoch);
    return seen != seen_.end() && !seen->second.contains(serial) && serial > *seen->second.begin() &&
           (state_.epoch > first_epoch_ || serial > before_);
  }

  SerialState state_;
  int first_epoch_;
  std::int64_t before_;
  std::int64_t before_restart_ = 0;
  std::optional<Instant> restarted_at_;
  std::set<std::int64_t> rows_;                 // new ones of the current epoch in this page
  std::map<int, std::set<std::int64_t>> seen_;  // numbers by epoch, noise and known rows included
};

}  // namespace

SerialPlan plan_serials(const SerialState& state, std::span<const SerialFact> facts) {
  SerialPlan plan;
  plan.epochs.resize(facts.size());
  Counting counting{state};
  for (const auto index : in_log_order(facts)) plan.epochs[index] = counting.place(facts[index]);
  plan.after = counting.state();
  plan.gaps = counting.gaps();
  return plan;
}

}  // namespace visitor::domain
