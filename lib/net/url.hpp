#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace visitor::net {

/// The parts of an http or https address that a client needs.
struct Url {
  bool tls = false;
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 80;
  std::string target = "/";  ///< path and query exactly as they go over the wire; never empty

  bool same_origin(const Url& other) const { return tls == other.tls && host == other.host && port == other.port; }
  /// As the Host header wants it: brackets around an IPv6 address, the port only where it is not the scheme's own.
  std::string authority() const;
};

/// \throws Error usage  not http or https, no host, a user name in it, or not a URL at all
Url parse_url(std::string_view text);

}  // namespace visitor::net
