#include "support/visitor_sim_server.hpp"

#include <fmt/format.h>

#include <array>

#include "support/visitor_sim_acs.hpp"
#include "support/visitor_sim_bodies.hpp"
#include "support/visitor_sim_time.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kHangTime = 10min;
constexpr auto kCrowdHangTime = 60s;
constexpr std::size_t kMaxExchanges = 1000;
constexpr auto kStreamPath = "/ISAPI/Event/notification/alertStream";

// Faults that replace or spoil the answer to a request that has logged in.
constexpr std::array kAnswerFaults{
    FaultKind::drop,         FaultKind::drop_midway, FaultKind::hang,     FaultKind::slow,    FaultKind::busy,
    FaultKind::device_error, FaultKind::no_http,     FaultKind::redirect, FaultKind::garbage, FaultKind::html,
    FaultKind::truncated,    FaultKind::empty,       FaultKind::endless,  FaultKind::deep,    FaultKind::wrong_type};

struct Route {
  std::string_view path;
  std::string_view method;
  bool needs_json;  ///< refused without format=json
};

constexpr Route kRoutes[] = {
    {"/ISAPI/System/deviceInfo", "GET", false},
    {"/ISAPI/System/time", "GET", false},
    {"/ISAPI/System/time", "PUT", false},
    {"/ISAPI/Security/userCheck", "GET", false},
    {"/ISAPI/AccessControl/AcsEvent/capabilities", "GET", true},
    {"/ISAPI/AccessControl/AcsEvent", "POST", true},
    {"/ISAPI/AccessControl/AcsEventTotalNum", "POST", true},
    {kStreamPath, "GET", false},
};

Answer call(Core& core, const HttpRequest& request) {
  if (request.method == "GET" && request.path.starts_with(kPictureFolder)) return event_picture(core, request);
  const Route* route = nullptr;
  for (const auto& candidate : kRoutes) {
    if (candidate.path != request.path) continue;
    if (route == nullptr || candidate.method == request.method) route = &candidate;
  }
  if (route == nullptr) return refuse(core, request, Refusal::not_support);
  if (route->method != request.method) {
    if (core.options.profile.wrong_method == WrongMethod::not_found) {
      auto answer = refuse(core, request, Refusal::not_support);
      answer.status = 404;
      return answer;
    }
    return refuse(core, request, Refusal::method_not_allowed);
  }
  const auto format = request.query.find("format");
  const bool json = format != request.query.end() && format->second == "json";
  if (request.query.size() > (json ? 1U : 0U) || (route->needs_json && !json)) {
    return refuse(core, request, Refusal::bad_url_format);
  }
  core.settle();
  if (route->path == "/ISAPI/System/deviceInfo") return device_info(core, request);
  if (json && !route->needs_json) return refuse(core, request, Refusal::not_support);
  if (route->path == "/ISAPI/System/time") return request.method == "PUT" ? set_time(core, request) : device_time(core);
  if (route->path == "/ISAPI/Security/userCheck") return user_check();
  if (route->path == "/ISAPI/AccessControl/AcsEvent/capabilities") return acs_capabilities(core);
  if (route->path == "/ISAPI/AccessControl/AcsEvent") return acs_search(core, request);
  if (route->path == "/ISAPI/AccessControl/AcsEventTotalNum") return acs_total(core, request);

  // The stream: one slot, which a broken connection keeps for a while.
  if (core.stream_taken || core.now() < core.stream_free_at) {
    auto answer = refuse(core, request, Refusal::invalid_operation);
    answer.status = 404;
    return answer;
  }
  core.stream_taken = true;
  ++core.counters.streams;
  return {};
}

/// Remembers the exchange. Expects the lock held.
void note(Core& core, const HttpRequest& request, bool authenticated, int status) {
  core.exchanges.push_back({request.method, request.target, request.body, authenticated, status});
  if (core.exchanges.size() > kMaxExchanges) core.exchanges.pop_front();
}

struct Decision {
  Answer answer{};
  std::optional<Fault> fault{};
  bool stream = false;
  bool crowd = false;    ///< another request is being answered and the model hangs
  bool occupies = true;  ///< counted in Core::in_flight
};

/// The log-in. Nothing where it is granted.
std::optional<Answer> check_login(Core& core, const HttpRequest& request) {
  auto& counters = core.counters;
  const bool wrong = request.authorization && core.faults.take(FaultKind::wrong_password, request.target);
  const auto admission = core.gate.admit(request.method, request.target, request.authorization, core.now(), wrong);
  counters.stale += admission.was_stale ? 1 : 0;
  switch (admission.kind) {
    case Admission::Kind::granted:
      ++counters.authenticated;
      return std::nullopt;
    case Admission::Kind::challenged:
      ++counters.unauthenticated;
      break;
    case Admission::Kind::malformed:
      ++counters.malformed;
      break;
    case Admission::Kind::stale:
      break;
    case Admission::Kind::failed:
      ++counters.failed_logins;
      break;
    case Admission::Kind::locked:
      ++counters.failed_logins;
      counters.attempts_while_locked += admission.was_locked ? 1 : 0;
      break;
  }
  return refuse_login(core, admission);
}

Decision decide(Core& core, const HttpRequest& request) {
  Decision decision;
  if (auto refused = check_login(core, request)) {
    decision.answer = std::move(*refused);
    note(core, request, false, decision.answer.status);
    return decision;
  }
  decision.fault = core.faults.take(kAnswerFaults, request.target);
  const auto kind = decision.fault ? decision.fault->kind : FaultKind::slow;
  if (kind == FaultKind::drop || kind == FaultKind::hang || kind == FaultKind::no_http) {
    note(core, request, true, 0);
    return decision;
  }
  if (kind == FaultKind::busy) {
    decision.answer = refuse(core, request, Refusal::device_busy);
  } else if (kind == FaultKind::device_error) {
    decision.answer = refuse(core, request, Refusal::device_error);
  } else if (kind == FaultKind::redirect) {
    decision.answer = {301, {}, {}, {{"Location", fmt::format("https://{}{}", core.options.host, request.target)}}};
  } else {
    decision.answer = call(core, request);
    decision.stream = request.path == kStreamPath && !decision.answer.refused;
  }
  core.counters.refused += decision.answer.refused ? 1 : 0;
  note(core, request, true, decision.answer.status);
  return decision;
}

void spoil_body(Answer& answer, FaultKind kind) {
  switch (kind) {
    case FaultKind::garbage:
      answer.body = std::string("\x00\xFF\x13\x37garbage\x7F\x80\xFE", 15);
      break;
    case FaultKind::html:
      answer.content_type = "text/html";
      answer.body = "<!DOCTYPE html><html><head><title>index</title></head><body>doc/page/login.asp</body></html>";
      break;
    case FaultKind::truncated:
      answer.body.resize(answer.body.size() / 2);
      break;
    case FaultKind::empty:
      answer.body.clear();
      break;
    case FaultKind::deep:
      answer.body = R"({"AcsEvent":)" + std::string(100'000, '[');
      break;
    case FaultKind::wrong_type:
      answer.content_type = answer.content_type == "application/json" ? "application/xml" : "application/json";
      break;
    default:
      break;
  }
}

/// Sends \p bytes as the fault says.
void transmit(const std::string& bytes, std::size_t body_size, const Fault& fault, Wire& wire) {
  switch (fault.kind) {
    case FaultKind::drop:
      wire.close_after();
      return;
    case FaultKind::hang:
      wire.wait(kHangTime);
      wire.close_after();
      return;
    case FaultKind::no_http:
      wire.send("\x16\x03\x01 this is not HTTP\r\n\r\n");
      wire.close_after();
      return;
    case FaultKind::drop_midway:
      wire.send(std::string_view{bytes}.substr(0, bytes.size() - (body_size + 1) / 2));
      wire.close_after();
      return;
    case FaultKind::slow:
      for (const char byte : bytes) {
        if (!wire.send({&byte, 1}) || !wire.wait(fault.pace)) break;
      }
      return;
    case FaultKind::endless: {
      const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
      wire.send(
          "HTTP/1.1 200 OK\r\nServer: webs\r\nContent-Type: application/json\r\n"
          "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
      while (wire.send(chunk)) continue;
      wire.close_after();
      return;
    }
    default:
      wire.send(bytes);
  }
}

}  // namespace

void serve(Core& core, const HttpRequest& request, Wire& wire) {
  Decision decision;
  bool keep_alive = false;
  auto service_time = 0ms;
  {
    const std::lock_guard lock{core.mutex};
    ++core.counters.requests;
    if (core.in_flight > 0) {
      ++core.counters.parallel;
      decision.occupies = false;
      decision.crowd = core.options.profile.crowd == CrowdAnswer::hang;
      decision.answer = refuse(core, request, Refusal::device_busy);
      note(core, request, false, decision.crowd ? 0 : decision.answer.status);
    } else {
      ++core.in_flight;
    }
    keep_alive = core.options.profile.keep_alive && !request.wants_close;
    service_time = core.options.service_time;
  }
  if (decision.crowd) {
    wire.wait(kCrowdHangTime);
    wire.close_after();
    return;
  }
  if (decision.occupies) {
    if (service_time > 0ms) wire.wait(service_time);
    const std::lock_guard lock{core.mutex};
    decision = decide(core, request);
  }
  const auto has = [&](FaultKind kind) { return decision.fault.has_value() && decision.fault->kind == kind; };
  if (decision.fault) spoil_body(decision.answer, decision.fault->kind);
  const auto bytes = print_http(decision.answer, keep_alive);

  // Before the first byte goes out, since the caller may come back as soon as it has the last one. A device that hangs
  // or dribbles is occupied until it is done.
  const bool lasting = has(FaultKind::hang) || has(FaultKind::slow) || has(FaultKind::endless);
  const auto release = [&] {
    if (!decision.occupies) return;
    const std::lock_guard lock{core.mutex};
    --core.in_flight;
  };
  if (!keep_alive) wire.close_after();
  if (!lasting) release();
  if (decision.stream) {
    serve_stream(core, request, wire);
  } else if (has(FaultKind::slow)) {
    transmit(bytes.substr(0, bytes.size() - 1), decision.answer.body.size(), *decision.fault, wire);
    release();
    wire.send(std::string_view{bytes}.substr(bytes.size() - 1));
  } else {
    transmit(bytes, decision.answer.body.size(), decision.fault.value_or(Fault{.kind = FaultKind::busy}), wire);
    if (lasting) release();
  }
}

}  // namespace visitor::sim
