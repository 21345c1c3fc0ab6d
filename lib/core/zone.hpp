#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/instant.hpp"

namespace visitor {

/// A time zone of the system's tzdata by its IANA name. Cheap to copy.
class Zone {
 public:
  /// \throws Error config  tzdata does not know \p name; the hint names a near one
  static Zone named(std::string_view name);
  static Zone utc();
  static bool exists(std::string_view name);

  const std::string& name() const { return name_; }

  /// The wall clock there at \p instant.
  std::chrono::local_time<std::chrono::microseconds> local(Instant instant) const;
  std::chrono::minutes offset(Instant instant) const;

  /// When that wall clock shows \p local. Of two (the clock went back) the first; in a gap (it went forward) the moment
  /// of the change.
  Instant instant(std::chrono::local_time<std::chrono::microseconds> local) const;

  /// Midnight that begins the local day which holds \p instant, and the one that ends it. 23 or 25 hours apart on the
  /// days of a change.
  Instant day_start(Instant instant) const;
  Instant day_end(Instant instant) const;

  /// "2026-09-01T17:27:53-04:00".
  std::string iso(Instant instant) const;
  /// "17:27".
  std::string clock(Instant instant) const;
  /// "2026-09-01 17:27:53".
  std::string stamp(Instant instant) const;

  bool operator==(const Zone& other) const { return name_ == other.name_; }

 private:
  Zone(std::string name, const void* zone) : name_(std::move(name)), zone_(zone) {}
  std::string name_;
  const void* zone_;  // cctz::time_zone, kept out of this header
};

/// A moment as people type it: ISO 8601 with or without offset ("2026-09-01", "2026-09-01 08:00", "…T08:00:00+05:00"),
/// a time of today ("08:30"), a span before \p now ("30m", "2h", "7d"), "now", "today", "yesterday", "tomorrow".
/// What has no offset is local in \p zone. With a leading "+" a span lies after \p now ("+2h").
/// \throws Error usage  the text is none of these; the hint lists them
Instant parse_moment(std::string_view text, Instant now, const Zone& zone);

/// "90s", "15m", "8h", "7d", or a plain number of seconds.
/// \returns nothing where the text is none of these, is negative or does not fit
std::optional<std::chrono::seconds> parse_span(std::string_view text);

/// "45 s", "12 min", "3 h 20 min", "5 d": the two largest units that matter.
std::string format_span(std::chrono::seconds span);

}  // namespace visitor
