#pragma once

#include "app/remote/api_client.hpp"
#include "net/http.hpp"

/// What ApiClient and FileClient have in common.
namespace visitor::app {

/// How both speak to a server.
net::HttpOptions http_options(const ApiServer& server);
/// The request as it goes out, without a body.
net::HttpRequest http_request(const ApiServer& server, const ApiRequest& request);
/// The answer, where there is a good one.
/// \throws Error  as ApiClient::send()
net::HttpResponse require_good(const ApiServer& server, const ApiRequest& request, net::HttpResult result);
/// The other side hung up: what was asked may have been done, or not.
bool is_broken(const net::HttpResult& result);

}  // namespace visitor::app
