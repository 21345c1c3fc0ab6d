#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/instant.hpp"

namespace visitor::hikvision {

/// One page to ask for with POST /ISAPI/AccessControl/AcsEvent. Members that are absent are not sent: old firmware
/// refuses whatever its capabilities do not list.
struct SearchRequest {
  std::string search_id = "1";  ///< one for all pages of a sweep; see make_search_id()
  std::int64_t position = 0;    ///< rows to skip, from 0
  int max_results = 30;
  int major = 0;  ///< 0: all. Always sent, as is minor
  int minor = 0;
  std::optional<std::string> start_time = {};  ///< the device's local time with its offset; see search_time()
  std::optional<std::string> end_time = {};
  std::optional<std::uint64_t> begin_serial = {};
  std::optional<std::uint64_t> end_serial = {};
  std::optional<std::string> employee_no = {};
  std::optional<std::string> card_no = {};
  std::optional<bool> pictures = {};      ///< picEnable
  std::optional<bool> newest_first = {};  ///< timeReverseOrder; not every device heeds it
};

/// {"AcsEventCond":{...}}. Texts that are not UTF-8 are repaired.
std::string search_body(const SearchRequest& request);
/// {"AcsEventTotalNumCond":{...}}: the same filters without paging.
std::string total_body(const SearchRequest& request);

/// \p instant on a clock that is \p offset from UTC, to the second: "2026-09-01T17:27:53+05:00".
std::string search_time(Instant instant, std::chrono::seconds offset);

/// A searchID that nobody else uses now: eight lower-case letters and digits. Short because DS-K1T8003MF refuses a
/// UUID.
std::string make_search_id();

}  // namespace visitor::hikvision
