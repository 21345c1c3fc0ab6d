#include "app/problems.hpp"

#include <array>

namespace visitor::app {
namespace {

constexpr std::array<ProblemInfo, 19> kProblems{{
    {Problem::unknown_parameter, "unknown_parameter", 400, "A parameter that this request does not have",
     "Look the request up in /api/v1/docs; the answer names the nearest parameter."},
    {Problem::invalid_value, "invalid_value", 400, "A value that cannot be used",
     "Correct what the member errors names."},
    {Problem::malformed_body, "malformed_body", 400, "The body is not what it says it is",
     "Send one JSON object in UTF-8, no more than 8 levels deep."},
    {Problem::not_authenticated, "not_authenticated", 401, "Nobody is logged in",
     "Send 'Authorization: Bearer' with a session's access token or an API key that is in force."},
    {Problem::second_factor_needed, "second_factor_needed", 403, "A second factor is needed",
     "Log in with a code of the second factor, or set one up with 'visitorctl totp enroll'."},
    {Problem::step_up_needed, "step_up_needed", 403, "A fresh code is needed",
     "Show a code in this session, POST /api/v1/sessions/step-up/, then send the same again."},
    {Problem::denied, "denied", 403, "The account may not do this",
     "See 'visitorctl user show' for the roles of the account and 'visitorctl role show' for what they allow."},
    {Problem::not_found, "not_found", 404, "There is no such thing",
     "Look at the list: what lies outside of the account's roles is absent, too."},
    {Problem::method_not_allowed, "method_not_allowed", 405, "The address does not take this method",
     "Use one of the methods in the header Allow."},
    {Problem::conflict, "conflict", 409, "The thing is not in a state that allows this",
     "Read it again; the detail says what stands in the way."},
    {Problem::precondition_failed, "precondition_failed", 412, "The thing has changed since it was read",
     "Read it again, decide anew, and send the new ETag in If-Match."},
    {Problem::body_too_large, "body_too_large", 413, "The body is too large",
     "Send less, or ask the administrator for a larger [http] body_limit."},
    {Problem::wrong_media_type, "wrong_media_type", 415, "The body is of another kind",
     "Send JSON, and say so with 'Content-Type: application/json'."},
    {Problem::key_reused, "key_reused", 422, "The Idempotency-Key was used for another request",
     "Use a new key for each new request."},
    {Problem::locked, "locked", 423, "Somebody else is editing the thing",
     "Wait until the lock is over, or take it over: POST /api/v1/locks/."},
    {Problem::precondition_required, "precondition_required", 428, "If-Match is missing",
     "Read the thing, and send its ETag in If-Match, so that nobody's work is lost."},
    {Problem::rate_limited, "rate_limited", 429, "Too many requests",
     "Wait for as many seconds as the header Retry-After says."},
    {Problem::failed, "failed", 500, "It went wrong here",
     "Look for the request id in the daemon's log: 'journalctl -u visitord --grep ID'."},
    {Problem::unavailable, "unavailable", 503, "Not just now",
     "Try again after as many seconds as the header Retry-After says; 'visitorctl health' tells why."},
}};

}  // namespace

std::span<const ProblemInfo> problem_table() {
  return kProblems;
}

const ProblemInfo& info(Problem problem) {
  return kProblems[static_cast<std::size_t>(problem)];
}

const ProblemInfo* find_problem(std::string_view name) {
  for (const auto& one : kProblems)
    if (one.name == name) return &one;
  return nullptr;
}

Problem problem_of(Errc code) {
  switch (code) {
    case Errc::usage:
      return Problem::invalid_value;
    case Errc::not_found:
      return Problem::not_found;
    case Errc::partial:
    case Errc::conflict:
      return Problem::conflict;
    case Errc::denied:
      return Problem::denied;
    case Errc::database:
    case Errc::database_lost:
    case Errc::interrupted:
      return Problem::unavailable;
    case Errc::terminal:
    case Errc::delivery:
    case Errc::failed:
    case Errc::config:
    case Errc::integrity:
      break;
  }
  return Problem::failed;
}

std::string problem_type(Problem problem) {
  return "urn:visitor:problem:" + std::string{info(problem).name};
}

}  // namespace visitor::app
