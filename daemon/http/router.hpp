#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.hpp"

namespace visitor::http {

using Handler = std::function<Response(const Request&)>;

/// Answers several requests at once, in their order and each as if it had come alone. Nothing for those that are to be
/// handled alone; of these nothing has happened yet. \throws  nothing
using TogetherHandler = std::function<std::vector<std::optional<Response>>(std::span<const Request* const>)>;

/// Where a handler runs.
enum class Where : std::uint8_t {
  here,    ///< on the thread that serves all connections: microseconds, no lock that may be held, no database
  worker,  ///< on the worker pool: may wait for the database
};

struct Route {
  std::string method;  ///< "GET" answers HEAD, too
  std::string path;    ///< the whole path
  bool below = false;  ///< takes every method and path that begins with path and is no other route's
  Where where = Where::here;
  Handler handler;
  /// Of a route that is handled on a worker: takes the GETs that wait for one at the same time.
  TogetherHandler together = {};
};

/// Finds the route of a request. Filled before the server starts, then only read.
class Router {
 public:
  void add(std::string method, std::string path, Where where, Handler handler);
  /// \p path ends with a slash; \p handler says itself which methods and paths below it there are.
  void add_below(std::string path, Where where, Handler handler, TogetherHandler together = {});

  struct Match {
    const Route* route = nullptr;  ///< nullptr: there is none
    std::string allow;             ///< of the methods that the path has, where it has others: "GET, HEAD"
  };
  Match match(std::string_view method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace visitor::http
