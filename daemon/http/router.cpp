#include "daemon/http/router.hpp"

#include <utility>

namespace visitor::http {

void Router::add(std::string method, std::string path, Where where, Handler handler) {
  routes_.push_back({std::move(method), std::move(path), where, std::move(handler)});
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  for (const auto& route : routes_) {
    if (route.path != path) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) return {&route, ""};
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return match;
}

}  // namespace visitor::http
