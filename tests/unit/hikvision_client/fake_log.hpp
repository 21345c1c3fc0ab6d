#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "hikvision/search_sweep.hpp"

namespace visitor::test {

/// The log of a terminal as a page source, with one habit per member.
struct FakeLog {
  std::vector<hikvision::AcsEvent> rows;
  int limit = 30;
  bool refuses_over_limit = false;
  bool always_more = false;
  bool states_total = true;
  bool states_status = true;
  bool bad_parameters_behind_the_end = false;
  bool ignores_position = false;
  bool takes_only_digits = false;
  bool takes_pictures = true;
  bool takes_times = true;
  std::size_t rows_added_per_request = 0;  ///< in front, as a newest-first list grows

  std::vector<hikvision::SearchRequest> requests = {};

  static hikvision::AcsEvent row(std::uint64_t serial) {
    hikvision::AcsEvent event;
    event.major = 5;
    event.minor = 75;
    event.serial = serial;
    event.time = hikvision::parse_device_time(
        fmt::format("2026-09-01T{:02}:{:02}:{:02}+05:00", serial / 3600 % 24, serial / 60 % 60, serial % 60));
    return event;
  }
  static FakeLog oldest_first(std::size_t count) {
    FakeLog log;
    for (std::size_t i = 0; i < count; ++i) log.rows.push_back(row(100 + i));
    return log;
  }
  static FakeLog newest_first(std::size_t count) {
    auto log = oldest_first(count);
    std::reverse(log.rows.begin(), log.rows.end());
    return log;
  }

  hikvision::Outcome<hikvision::Page> operator()(const hikvision::SearchRequest& request) {
    requests.push_back(request);
    const auto refusal = hikvision::Failure{.kind = hikvision::FailureKind::bad_parameters, .message = "badParameters"};
    if (refuses_over_limit && request.max_results > limit) return refusal;
    if (takes_only_digits && request.search_id.find_first_not_of("0123456789") != std::string::npos) return refusal;
    if (!takes_pictures && request.pictures) return refusal;
    if (!takes_times && (request.start_time || request.end_time)) return refusal;
    for (std::size_t i = 0; i < rows_added_per_request && requests.size() > 1; ++i) {
      rows.insert(rows.begin(), row(rows.front().serial.value() + 1));
    }

    const auto begin = ignores_position ? 0 : std::min(rows.size(), static_cast<std::size_t>(request.position));
    if (bad_parameters_behind_the_end && begin == rows.size()) return refusal;
    const auto count = std::min<std::size_t>(rows.size() - begin, std::min(limit, request.max_results));
    hikvision::Page page;
    page.events.assign(rows.begin() + static_cast<long>(begin), rows.begin() + static_cast<long>(begin + count));
    page.num_of_matches = static_cast<std::int64_t>(count);
    if (states_total) page.total_matches = static_cast<std::int64_t>(rows.size());
    if (states_status) {
      page.status =
          always_more || begin + count < rows.size() ? hikvision::PageStatus::more : hikvision::PageStatus::ok;
      if (count == 0 && !always_more) page.status = hikvision::PageStatus::no_match;
    }
    return page;
  }
};

}  // namespace visitor::test
