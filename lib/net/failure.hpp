#pragma once

#include <cstdint>
#include <string_view>

namespace visitor::net {

/// Why a conversation over the network brought no answer. Part of the job, so a value and never thrown.
enum class NetFailure : std::uint8_t {
  refused,              ///< nothing listens on that port, or a firewall rejects
  unreachable,          ///< no route, network or host down
  name_resolution,      ///< the host name has no address, or the name server did not answer in time
  timeout,              ///< the connection or the whole request took longer than allowed
  tls_handshake,        ///< the port is open, but no TLS session came about
  certificate_changed,  ///< TLS works, but the certificate is not the pinned one: nothing was sent
  too_large,            ///< the head or the body of the answer is over the limit
  closed,               ///< the other side hung up before the answer was complete
  malformed,            ///< what came is not HTTP/1
  interrupted,          ///< the caller's stop token
};

/// Stable, in JSON and logs: "refused", "name_resolution", ...
std::string_view name(NetFailure failure);

}  // namespace visitor::net
