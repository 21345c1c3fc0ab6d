#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hikvision/event.hpp"
#include "hikvision/response_status.hpp"

namespace visitor::hikvision {

/// What the terminal claims about the rest of the search. Do not trust it alone: MORE comes with the last page, and OK
/// with nothing at all.
enum class PageStatus : std::uint8_t { ok, more, no_match, other };

std::string_view to_string(PageStatus value);

/// One answer to an AcsEvent search.
struct Page {
  std::optional<std::string> search_id;
  PageStatus status = PageStatus::other;
  std::string status_text;                     ///< responseStatusStrg as sent; empty if it was not
  std::optional<std::int64_t> num_of_matches;  ///< as claimed; events.size() + unreadable is what arrived
  std::optional<std::int64_t> total_matches;
  std::vector<AcsEvent> events;   ///< in the order of the answer, which may be any
  std::size_t unreadable = 0;     ///< entries that are not objects: they count for the position, but say nothing
  std::size_t over_limit = 0;     ///< entries beyond kMaxPageEvents, not decoded: ask for them again
  std::size_t picture_parts = 0;  ///< pictures that came along in a multipart answer; skipped

  /// How far the next request's position moves.
  std::size_t arrived() const { return events.size() + unreadable; }
};

inline constexpr std::size_t kMaxPageBytes = 8U << 20;
inline constexpr std::size_t kMaxPageEvents = 5000;

/// Decodes the answer to POST /ISAPI/AccessControl/AcsEvent, whatever its Content-Type says: JSON, XML, or multipart
/// with pictures. InfoList may be absent, null, one object or an array.
///
/// \throws Error terminal  the body is empty, truncated, over a limit or not an answer to a search; an error body
///                         (ResponseStatus with HTTP 200) too, named by its sub-status
/// Source: HIKVISION.md section 2.
Page decode_page(std::string_view body);

/// The same for a caller who tells error bodies apart.
/// \throws Error terminal  as above, except that an error body is returned
std::variant<Page, ResponseStatus> decode_page_or_status(std::string_view body);

/// The page that \p root holds, or nothing if there is no AcsEvent with a search's members in it.
std::optional<Page> find_page(const Node& root);

/// The answer to POST /ISAPI/AccessControl/AcsEventTotalNum.
struct EventTotal {
  std::int64_t total = 0;
  std::optional<std::int64_t> existing;  ///< existedEventNum
};

/// \throws Error terminal  there is no totalNum in \p body
EventTotal decode_event_total(std::string_view body);
std::optional<EventTotal> find_event_total(const Node& root);

}  // namespace visitor::hikvision
