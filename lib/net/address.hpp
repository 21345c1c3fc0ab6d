#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace visitor::net {

struct SocketAddress;

/// An address of the internet: sixteen bytes, an IPv4 address as ::ffff:a.b.c.d. What stands for an IPv4 address within
/// IPv6 (mapped, or behind NAT64 at 64:ff9b::) is that IPv4 address.
struct IpAddress {
  std::array<std::byte, 16> bytes{};

  /// \returns nothing where \p text is no address in digits
  static std::optional<IpAddress> parse(const std::string& text);
  static IpAddress of(const SocketAddress& address);
  bool operator==(const IpAddress&) const = default;
};
/// "10.0.0.1", "2001:db8::1".
std::string to_text(const IpAddress& address);

/// The addresses that begin with the same bits.
struct Network {
  IpAddress first;
  int bits = 128;

  /// "10.0.0.0/8", "fd00::/8", or one address. \returns nothing where \p text is none of these
  static std::optional<Network> parse(std::string_view text);
  bool holds(const IpAddress& address) const;
};

/// Whether \p address belongs to somebody on the internet: not this machine, not a private, link-local, shared,
/// documentation, benchmark, multicast or reserved network, and no tunnel into one.
/// Source: the IANA registries of special-purpose IPv4 and IPv6 addresses (RFC 6890).
bool is_public(const IpAddress& address);

/// Whether a caller that was told to stay away from its own network may connect to \p address.
bool may_connect(const IpAddress& address, std::span<const Network> allowed);

}  // namespace visitor::net
