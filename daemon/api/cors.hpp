#pragma once

#include <string>
#include <vector>

#include "daemon/http/message.hpp"

/// What pages of other origins may do in a browser: nothing but what [api] origins allows. A token is never sent by the
/// browser of itself, so no credentials are allowed.
namespace visitor::api {

/// A browser asks whether it may send a request.
bool is_preflight(const http::Request& request);

/// The headers of an answer; none where the request has no Origin or one that is not among \p origins.
http::Headers cors_headers(const http::Request& request, const std::vector<std::string>& origins);

/// The answer to a preflight. \param allowed  its cors_headers()
http::Response answer_preflight(http::Headers allowed);

}  // namespace visitor::api
