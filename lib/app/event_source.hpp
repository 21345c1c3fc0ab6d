#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/ingest.hpp"
#include "core/zone.hpp"

namespace visitor::hikvision {
struct AcsEvent;
}

namespace visitor::app {

/// What it takes to read a terminal's rows: whose clock, and which log-ins are our own.
struct SourceContext {
  Zone site_zone = Zone::utc();                       ///< for times without offset where the terminal names none either
  std::optional<std::chrono::seconds> device_offset;  ///< what System/time said its clock is set to
  Instant received_at;
  std::string username;       ///< whom we log in as
  std::string local_address;  ///< of our end of the connection; empty if unknown
};

/// \p event as it is stored. Nothing is guessed: what it does not say is 0 or absent.
///
/// - Time: the offset in its text, else the terminal's, else the site's; a text that is no time gives received_at and
///   TimeSource::received.
/// - A row without a serial number gets a negative one made from its content, so that the same row is the same event at
///   every delivery, and two different ones are two.
/// - A log-in that the terminal attributes to somebody else (another user or address) is an operation, not our noise.
/// - An employee or card number longer than kMaxNumber bytes is nobody's; it stays in raw.
IncomingEvent to_incoming(const hikvision::AcsEvent& event, const SourceContext& context);

/// Which alarm a code raises, where a rule speaks of it. What is stored of an event says the same as the event did.
domain::AlarmKind alarm_of(int major, int minor);

inline constexpr std::size_t kMaxNumber = 64;

}  // namespace visitor::app
