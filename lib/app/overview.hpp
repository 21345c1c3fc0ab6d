#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "app/work.hpp"
#include "domain/incident.hpp"
#include "domain/terminal.hpp"
#include "store/alerts.hpp"

namespace visitor::app {

/// The state of the house in numbers: for `visitorctl status`, /health and /metrics.
struct Overview {
  std::int64_t inside = 0;             ///< CHECKED_IN now
  std::int64_t awaiting_today = 0;     ///< AWAITING, and expected at some time of today
  std::int64_t checked_in_today = 0;   ///< came today, also those who have left
  std::int64_t checked_out_today = 0;  ///< left today and seen leaving
  std::int64_t presumed_left_today = 0;

  std::array<std::int64_t, 4> open_incidents{};  ///< by domain::Severity
  std::int64_t open_incidents_total = 0;
  std::int64_t incidents_total = 0;  ///< ever opened

  std::array<std::int64_t, 7> terminals{};  ///< enabled ones, by domain::TerminalState
  std::int64_t terminals_enabled = 0;
  std::int64_t terminals_disabled = 0;
  std::int64_t events_total = 0;            ///< stored, by all terminals
  std::int64_t backlog = 0;                 ///< what terminals say they hold and we have not read
  std::optional<Instant> last_event_at;     ///< device time
  std::optional<Instant> last_received_at;  ///< newest answer of any terminal

  store::Outbox outbox;
  ChangeId cursor;  ///< newest change

  /// Restored, and not told to work again: no terminal is polled, no alert leaves, no job runs.
  std::optional<Instant> held_since;
};

/// "Today" is the local day of each visit's site.
Overview overview(const Work& work);

}  // namespace visitor::app
