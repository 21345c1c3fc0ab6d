#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"

/// Every way in which the API refuses or fails: one table, from which answers, the OpenAPI document, the page for
/// people and `visitorctl explain` are made.
namespace visitor::app {

enum class Problem : std::uint8_t {
  unknown_parameter,
  invalid_value,
  malformed_body,
  not_authenticated,
  second_factor_needed,
  step_up_needed,
  denied,
  not_found,
  method_not_allowed,
  conflict,
  precondition_failed,
  body_too_large,
  wrong_media_type,
  key_reused,
  locked,
  precondition_required,
  rate_limited,
  failed,
  unavailable,
};

struct ProblemInfo {
  Problem problem;
  std::string_view name;  ///< stable; the type of a problem is "urn:visitor:problem:" and this
  int status;             ///< of HTTP
  std::string_view title;
  std::string_view next;  ///< what to do about it, a sentence
};

/// Every problem once, in the order of the enum.
std::span<const ProblemInfo> problem_table();
const ProblemInfo& info(Problem problem);
/// \returns nullptr where there is none of that name
const ProblemInfo* find_problem(std::string_view name);

/// What an error of a use case is to whoever asked through the API.
Problem problem_of(Errc code);

/// The detail of not_found where no request has such an address: an older visitord has not all of them.
inline constexpr std::string_view kNoSuchAddress = "there is nothing at this address";

/// "urn:visitor:problem:not_found"
std::string problem_type(Problem problem);

}  // namespace visitor::app
