#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/visitor_sim.hpp"
#include "support/visitor_sim_digest.hpp"

namespace visitor::sim {

/// The rows of the last search, which its later pages come from where the profile caches.
struct CachedSearch {
  std::string search_id;
  std::string conditions;
  std::vector<Event> rows;
};

/// Everything a terminal knows. The functions that answer requests lock the mutex; those of this struct expect it held.
struct Core {
  explicit Core(TerminalOptions from);

  Instant now() const { return options.clock->now(); }
  /// To the second, as terminals stamp.
  Instant device_now() const { return std::chrono::floor<std::chrono::seconds>(now() + clock_offset); }

  /// Writes the rows that have come due (the lock that closes by itself). To be called before the log is read.
  void settle();
  /// \p events with the device's time where they have none. Returns the first serial number.
  std::uint64_t add(std::vector<Event> events);
  /// 5/22 for \p door once the lock has been open for options.relock.
  void relock_later(int door);

  SystemClock system_clock;
  TerminalOptions options;
  mutable std::mutex mutex;
  DigestGate gate;
  EventLog log;
  Faults faults;
  Counters counters;
  std::deque<Exchange> exchanges;
  std::chrono::microseconds clock_offset{0};
  std::string time_mode = "NTP";                ///< until somebody sets the clock
  std::deque<std::pair<Instant, int>> relocks;  ///< due on the true clock, door
  std::optional<CachedSearch> search;
  std::string last_search_id;
  int in_flight = 0;
  bool stream_taken = false;
  Instant stream_free_at{};
};

}  // namespace visitor::sim
