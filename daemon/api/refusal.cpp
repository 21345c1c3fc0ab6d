#include "daemon/api/refusal.hpp"

#include <fmt/format.h>

#include "app/edit_locks.hpp"
#include "app/json_writer.hpp"
#include "app/log_in.hpp"

namespace visitor::api {

Refusal refusal_of(const Error& error) {
  if (dynamic_cast<const app::StepUpError*>(&error) != nullptr)
    return Refusal{Problem::step_up_needed, error.message()};
  if (dynamic_cast<const app::LockedError*>(&error) != nullptr) return Refusal{Problem::locked, error.message()};
  const auto problem = app::problem_of(error.code());
  const bool inside = problem == Problem::failed || problem == Problem::unavailable;
  Refusal refusal{problem, inside ? "see the daemon's log, by the request id" : error.message()};
  if (!inside) refusal.hint(error.hint());
  if (problem == Problem::unavailable) refusal.header("Retry-After", "1");
  return refusal;
}

http::Response to_response(const Refusal& refusal, const http::Request& request) {
  const auto& info = app::info(refusal.problem());
  app::JsonWriter json;
  json.begin_object().member("type", app::problem_type(refusal.problem())).member("title", info.title);
  json.member("status", info.status).member("detail", std::string_view{refusal.detail()});
  json.member("instance", std::string_view{request.path}).member("request_id", std::string_view{request.id});
  json.member("hint", refusal.hint().empty() ? info.next : std::string_view{refusal.hint()});
  json.member("command", fmt::format("visitorctl explain {}", info.name));
  json.key("errors").begin_array();
  for (const auto& fault : refusal.faults()) {
    json.begin_object();
    if (fault.parameter.empty())
      json.member("pointer", "#" + fault.pointer);
    else
      json.member("parameter", std::string_view{fault.parameter});
    json.member("detail", std::string_view{fault.detail}).end();
  }
  json.end().end();

  http::Response response;
  response.status = info.status;
  response.content_type = "application/problem+json";
  response.body = json.take();
  response.headers = refusal.headers();
  return response;
}

}  // namespace visitor::api
