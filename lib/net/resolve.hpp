#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "net/watch.hpp"

namespace visitor::net {

/// A socket address as bytes of a sockaddr_in or sockaddr_in6.
struct SocketAddress {
  int family = 0;
  std::vector<std::byte> bytes;
};

/// The TCP addresses of \p host in the system's order of preference, one or more, eight at most.
///
/// A numeric address is read at once. A name is looked up on a thread of its own, because the resolver of the C library
/// cannot be interrupted; when patience ends first, that thread finishes alone and its answer is dropped.
/// Failures: name_resolution (also when the deadline passes), interrupted.
std::variant<std::vector<SocketAddress>, NetFailure> resolve(const std::string& host, std::uint16_t port,
                                                             const Watch& watch, Watch::TimePoint until);

}  // namespace visitor::net
