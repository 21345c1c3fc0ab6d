#pragma once

#include <optional>

#include "net/connection.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "net/watch.hpp"

namespace visitor::net {

/// How one request and its answer went over a connection.
struct Exchange {
  std::optional<NetFailure> failure = {};  ///< nothing: response is whole
  HttpResponse response = {};              ///< status, headers and body; the rest is the caller's to fill in
  bool answered = false;                   ///< a byte of an answer came
  bool reusable = false;                   ///< the connection can carry another request
};

/// Sends \p request over \p connection as HTTP/1.1 and reads the whole answer within the limits of \p options.
/// An answer that says its length in two ways, in none that HTTP knows, or more than its length, is malformed.
/// \param keep  whether to ask for the connection to stay open
Exchange exchange(Connection& connection, const HttpRequest& request, const Url& url, const HttpOptions& options,
                  bool keep, const Watch& watch);

}  // namespace visitor::net
