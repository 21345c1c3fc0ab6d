#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace visitor::hikvision {

/// One thing found in a capture.
struct Decoded {
  /// page, event, notification, picture, status, event_total, event_capabilities, device_info, system_time; "other" for
  /// an answer that is none of these, and "unreadable" for what is neither JSON nor XML
  std::string kind;
  std::string summary;  ///< one line for people
  std::string json;  ///< an object; its first member is "kind", the others are stable per kind; "raw" is what was sent
};

/// Reads whatever somebody captured from a terminal: a search page, one of its items, a dump of the event stream, a
/// push, an error body, deviceInfo, System/time, capabilities; with or without the HTTP headers above it.
///
/// A part that cannot be read becomes an entry of kind "unreadable" that says why; the others are still there.
/// \returns at least one entry
/// \throws Error usage  \p bytes has more than 64 MiB
std::vector<Decoded> decode(std::string_view bytes);

/// {"decoded":[…]} with one object per entry.
std::string to_json(const std::vector<Decoded>& things);

}  // namespace visitor::hikvision
