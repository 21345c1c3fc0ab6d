#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/instant.hpp"

namespace visitor::domain {

/// Where a terminal's serial numbers stand.
struct SerialState {
  int epoch = 1;
  std::int64_t last = 0;           ///< highest seen in this epoch; 0: none yet
  std::optional<Instant> last_at;  ///< newest device time stored
};

/// One row of a page, as far as its number tells something.
struct SerialFact {
  std::int64_t serial = 0;         ///< below 1: the terminal gave none, and the row says nothing
  std::optional<Instant> at;       ///< device time; nothing where its text was no time
  std::optional<int> known_epoch;  ///< the row is stored already, in this epoch
  bool noise = false;              ///< own log-in: takes a number and nothing else
  bool taken = false;              ///< another row of the current epoch is stored under this number
  bool missing = false;            ///< the number lies in a known gap of the current epoch
};

/// Numbers that were skipped.
struct SerialGap {
  int epoch = 1;
  std::int64_t first = 0;
  std::int64_t last = 0;
  bool operator==(const SerialGap&) const = default;
};

struct SerialPlan {
  std::vector<int> epochs;  ///< one per fact
  SerialState after;
  std::vector<SerialGap> gaps;  ///< by epoch and number
};

/// Tells in which epoch each row of a page belongs: whether the terminal counts on, or has begun again from the start
/// (log wiped, reset, numbers wrapped).
///
/// A new row begins a new epoch if its number is not above the last one, and either its time is newer than every one
/// before, or its number is taken by another row. A number that fills a gap, or an older row with a lower number, is
/// only late; a higher number with an older time is a clock that was set back. Gaps are counted from the last number
/// before the page; before the first number of an epoch there is none.
///
/// \param facts  of one page in the order of delivery, newest or oldest first; of rows with the same identity only one
/// Source: HIKVISION.md, order, time and serial numbers.
SerialPlan plan_serials(const SerialState& state, std::span<const SerialFact> facts);

}  // namespace visitor::domain
