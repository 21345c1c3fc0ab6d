#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <variant>

#include "support/visitor_sim_bodies.hpp"

namespace visitor::sim {

/// AcsEventCond or AcsEventTotalNumCond, every member checked.
struct Condition {
  std::string search_id{};
  std::int64_t position = 0;
  std::int64_t max_results = 0;
  std::int64_t major = 0;
  std::int64_t minor = 0;
  std::optional<Instant> start{};
  std::optional<Instant> end{};
  std::optional<std::string> card_no{};
  std::optional<std::string> name{};
  std::optional<std::string> employee_no{};
  std::optional<std::int64_t> begin_serial{};
  std::optional<std::int64_t> end_serial{};
  bool pictures = false;
  bool reverse = false;
  bool attendance_only = false;

  bool matches(const Event& event) const;
  /// What makes two pages part of one search: everything but position and maxResults.
  std::string key() const;
};

enum class ConditionRoot { search, total };

/// The condition in a request body, or the refusal that the device gives.
///
/// Refused: a body that is not JSON, no root or another one, unknown members, members of the wrong type, missing ones,
/// values outside the capability's limits, times that are not ISO 8601, an end before its start.
std::variant<Condition, Answer> parse_condition(const Core& core, const HttpRequest& request, ConditionRoot root);

}  // namespace visitor::sim
