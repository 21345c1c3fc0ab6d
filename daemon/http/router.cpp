#include "daemon/http/router.hpp"

#include <utility>

namespace visitor::http {

void Router::add(std::string method, std::string path, Where where, Handler handler) {
  routes_.push_back({std::move(method), std::move(path), false, where, std::move(handler), {}});
}

void Router::add_below(std::string path, Where where, Handler handler, TogetherHandler together) {
  routes_.push_back({"", std::move(path), true, where, std::move(handler), std::move(together)});
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const Route* around = nullptr;
  for (const auto& route : routes_) {
    if (route.below && path.starts_with(route.path)) around = &route;
    if (route.below || route.path != path) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) return {&route, ""};
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (match.allow.empty()) match.route = around;
  return match;
}

}  // namespace visitor::http
