#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hikvision/capabilities.hpp"
#include "hikvision/client_failure.hpp"
#include "hikvision/page.hpp"
#include "hikvision/search.hpp"

namespace visitor::hikvision {

/// What a terminal turned out to take. Handed to its next sweep, it saves the refused requests.
struct SearchHabits {
  std::optional<int> page_size;  ///< the largest maxResults that was not refused
  bool numeric_ids = false;      ///< a searchID with letters is refused
  bool bare = false;             ///< picEnable is refused although the capabilities list it
  bool without_times = false;    ///< startTime and endTime are refused in the form that we send

  bool operator==(const SearchHabits&) const = default;
};

/// Which rows to read, and how far to go.
struct SweepPlan {
  std::optional<std::string> from = {};            ///< search_time(); absent: the mode without times
  std::optional<std::string> to = {};              ///< fixed for the whole sweep, or new rows move a newest-first list
  std::optional<std::uint64_t> begin_serial = {};  ///< sent only where the capabilities list it
  std::optional<std::uint64_t> end_serial = {};
  int major = 0;
  int minor = 0;
  std::int64_t start_position = 0;  ///< rows to skip; for the mode without times
  bool may_drop_times = false;      ///< where the terminal refuses times, read everything from start_position on
  EventCapabilities capabilities = {};
  SearchHabits habits = {};
  std::size_t most_pages = 2'000;
};

/// How a key behaves along the rows of a sweep. Rows without it do not count; equal neighbours fit both directions.
enum class RowOrder : std::uint8_t {
  unknown,     ///< fewer than two different values so far
  ascending,   ///< oldest first: whatever comes later is newer, so a cursor may follow page by page
  descending,  ///< newest first: the cursor may move only after a complete sweep
  mixed,       ///< neither; as descending
};

std::string_view to_string(RowOrder order);

enum class SweepEnd : std::uint8_t {
  none,           ///< it is still going on: what a sink sees
  complete,       ///< every row that the terminal has for this search
  repeated_page,  ///< a page came that had been there before: the terminal ignores the position or starts over
  page_cap,       ///< most_pages were read and there are more
  position_cap,   ///< the terminal does not count further; search a narrower window
  stopped,        ///< the sink did not want more
  failed,         ///< Sweep::failure says why
};

std::string_view to_string(SweepEnd end);

struct Sweep {
  SweepEnd end = SweepEnd::none;
  std::optional<Failure> failure = {};
  std::size_t pages = 0;  ///< handed to the sink
  std::size_t rows = 0;   ///< events in them, duplicates included
  std::size_t unreadable = 0;
  std::int64_t position = 0;  ///< rows to skip to go on from here
  RowOrder by_serial = RowOrder::unknown;
  RowOrder by_time = RowOrder::unknown;                 ///< of the clock faces as written
  std::optional<std::int64_t> first_total, last_total;  ///< totalMatches; they differ where rows came during the sweep
  bool fewer_than_promised = false;                     ///< the rows ended although the total was not reached
  bool more_without_end = false;                        ///< the last page claimed MORE
  std::size_t refused = 0;                              ///< requests that were repeated in a simpler form
  SearchHabits habits = {};

  bool complete() const { return end == SweepEnd::complete; }
  /// Whether what was handed out so far is all there is up to its newest row, so that a cursor over serial numbers
  /// (or, for the second one, over times) may move to it.
  bool safe_for_serial_cursor() const { return complete() || by_serial == RowOrder::ascending; }
  bool safe_for_time_cursor() const { return complete() || by_time == RowOrder::ascending; }
};

/// Asks for one page; search_events() of a Client, or a test.
using PageSource = std::function<Outcome<Page>(const SearchRequest&)>;
/// Takes one page that has rows. \p so_far includes it. Returns whether to go on.
using PageSink = std::function<bool(const Page& page, const Sweep& so_far)>;

/// Reads a search page by page and always ends.
///
/// Moves on by what arrived, whatever was promised. Ends at an empty page, at the total, at a short page that does not
/// claim MORE, at a page seen before, and at the caps. Where the terminal refuses the first request as
/// bad_parameters, it is repeated with a smaller page (the capability's, 30, 10), without picEnable, with a searchID of
/// digits only, and last, where the plan allows it, without times. bad_parameters less than a page before
/// the total is the end, not a failure.
/// Source: HIKVISION.md sections 2 and 10.
Sweep sweep(const SweepPlan& plan, const PageSource& source, const PageSink& sink);

}  // namespace visitor::hikvision
