#include "daemon/api/cors.hpp"

#include <algorithm>

namespace visitor::api {

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && !request.header("Origin").empty() &&
         !request.header("Access-Control-Request-Method").empty();
}

http::Headers cors_headers(const http::Request& request, const std::vector<std::string>& origins) {
  const auto origin = request.header("Origin");
  if (origin.empty() || std::ranges::find(origins, origin) == origins.end()) return {};
  return {{"Access-Control-Allow-Origin", std::string{origin}},
          {"Access-Control-Expose-Headers",
           "Allow, Dry-Run, ETag, Idempotency-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, "
           "RateLimit-Reset, Retry-After, X-Request-Id"}};
}

http::Response answer_preflight(http::Headers allowed) {
  http::Response response;
  response.status = 204;
  response.headers = std::move(allowed);
  response.headers.emplace_back("Vary", "Origin");
  if (response.headers.size() == 1) return response;
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
  response.headers.emplace_back(
      "Access-Control-Allow-Headers",
      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Lock-Token, X-Request-Id");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  return response;
}

}  // namespace visitor::api
