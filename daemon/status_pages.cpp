#include "daemon/status_pages.hpp"

#include <fmt/format.h>

namespace visitor::daemon {
namespace {

constexpr auto kFront =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<meta charset=\"utf-8\">\n"
    "<title>visitord</title>\n"
    "<h1>visitord</h1>\n"
    "<ul>\n"
    "<li><a href=\"/health/\">/health/</a> what works and what does not, as JSON\n"
    "<li><a href=\"/metrics\">/metrics</a> figures for Prometheus\n"
    "<li><a href=\"/readyz\">/readyz</a> whether it can work\n"
    "<li><a href=\"/livez\">/livez</a> whether it is alive\n"
    "</ul>\n";

http::Response text(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

http::Response live(const Vitals& vitals) {
  std::string stalled;
  for (const auto& loop : vitals.loops())
    if (loop.stalled) stalled += fmt::format("{} has stalled\n", loop.name);
  return stalled.empty() ? text(200, "ok\n") : text(503, stalled);
}

http::Response ready(const Vitals& vitals) {
  const auto why_not = vitals.not_ready();
  return why_not.empty() ? text(200, "ready\n") : text(503, fmt::format("not ready: {}\n", why_not));
}

http::Response health(Vitals& vitals) {
  const auto health = vitals.health();
  auto response = text(health.status == app::HealthStatus::unhealthy ? 503 : 200, app::to_json(health) + "\n");
  response.content_type = "application/json";
  return response;
}

}  // namespace

void add_status_pages(http::Router& router, Vitals& vitals) {
  using http::Request;
  using http::Where;
  router.add("GET", "/", Where::here, [](const Request&) {
    auto response = text(200, kFront);
    response.content_type = "text/html; charset=utf-8";
    return response;
  });
  router.add("GET", "/livez", Where::here, [&vitals](const Request&) { return live(vitals); });
  router.add("GET", "/readyz", Where::here, [&vitals](const Request&) { return ready(vitals); });
  router.add("GET", "/health", Where::worker, [&vitals](const Request&) { return health(vitals); });
  router.add("GET", "/health/", Where::worker, [&vitals](const Request&) { return health(vitals); });
  router.add("GET", "/metrics", Where::worker, [&vitals](const Request&) {
    auto response = text(200, vitals.metrics());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  });
}

}  // namespace visitor::daemon
