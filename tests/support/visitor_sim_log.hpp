#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/instant.hpp"

namespace visitor::sim {

/// One row of a terminal's log. Empty and 0 mean "does not apply".
struct Event {
  std::uint64_t serial = 0;  ///< given by the log
  Instant time{};            ///< what the device's clock said
  int major = 0;
  int minor = 0;
  std::string employee_no{};
  std::string name{};
  std::string card_no{};
  int door = 0;
  int reader = 0;
  std::string remote_host{};
  bool picture = false;

  friend bool operator==(const Event&, const Event&) = default;
};

/// The stored events of a terminal: a ring in which the oldest are overwritten, numbered from 1.
///
/// With a file, each append is in the file before it returns, so that a kill -9 loses nothing. Not thread-safe.
class EventLog {
 public:
  /// \param file  empty: in memory only. An existing one is read; a torn last line is dropped.
  /// \throws Error usage  the file cannot be read or written, or a line in its middle is not ours
  explicit EventLog(std::size_t capacity = 150'000, const std::filesystem::path& file = {});
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Numbers and stores \p events in their order. Returns the serial number of the first.
  std::uint64_t append(std::vector<Event> events);

  /// In the order they were stored.
  const std::deque<Event>& events() const { return events_; }

  /// The position (counted from the first event ever appended) behind the last event: what a stream has seen so far.
  std::uint64_t end_position() const { return first_position_ + events_.size(); }
  /// Up to \p limit events at and behind \p position that are still stored, each with its position.
  std::vector<std::pair<std::uint64_t, Event>> from_position(std::uint64_t position, std::size_t limit) const;

  /// Numbering goes on from \p next; the stored rows stay, so that serial numbers come twice.
  void restart_serials(std::uint64_t next = 1);
  /// No rows, and numbering from 1.
  void wipe();

 private:
  void load(const std::filesystem::path& file);
  void store(Event event);
  void write(std::string_view text);

  std::size_t capacity_;
  std::deque<Event> events_;
  std::uint64_t first_position_ = 0;
  std::uint64_t next_serial_ = 1;
  int fd_ = -1;
};

}  // namespace visitor::sim
