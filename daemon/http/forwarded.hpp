#pragma once

#include <span>
#include <string>

#include "daemon/http/message.hpp"
#include "net/address.hpp"

namespace visitor::http {

/// Whom a request comes from: the other side of the connection, or where that is one of \p proxies, the last address in
/// X-Forwarded-For that is none. What is no address ends the list: nothing before it is believed.
std::string client_of(const Request& request, std::span<const net::Network> proxies);

}  // namespace visitor::http
