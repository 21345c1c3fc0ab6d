#include "net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "core/text.hpp"
#include "net/resolve.hpp"

namespace visitor::net {
namespace {

constexpr std::size_t kMappedBytes = 12;
constexpr int kMappedBits = 96;
constexpr std::array<std::byte, kMappedBytes> kMapped{
    {{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, std::byte{0xff}, std::byte{0xff}}};
constexpr std::array<std::byte, kMappedBytes> kNat64{{std::byte{0}, std::byte{0x64}, std::byte{0xff}, std::byte{0x9b}}};

IpAddress from_v4(const void* bytes) {
  IpAddress out;
  std::ranges::copy(kMapped, out.bytes.begin());
  std::memcpy(out.bytes.data() + kMappedBytes, bytes, 4);
  return out;
}

IpAddress from_v6(const void* bytes) {
  IpAddress out;
  std::memcpy(out.bytes.data(), bytes, out.bytes.size());
  if (std::equal(kNat64.begin(), kNat64.end(), out.bytes.begin())) return from_v4(out.bytes.data() + kMappedBytes);
  return out;
}

bool is_v4(const IpAddress& address) {
  return std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
}

// Not of the internet, in the order of the registries.
constexpr std::array<std::string_view, 16> kSpecialV4{
    "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "255.255.255.255"};
// Only 2000::/3 has been given out; these parts of it have not, or lead elsewhere (Teredo and 6to4 to IPv4 addresses).
constexpr std::array<std::string_view, 4> kSpecialV6{"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"};

template <std::size_t count>
bool in_any(const IpAddress& address, const std::array<std::string_view, count>& networks) {
  return std::ranges::any_of(networks, [&](std::string_view text) { return Network::parse(text)->holds(address); });
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(const std::string& text) {
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return from_v4(&v4);
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.c_str(), &v6) == 1) return from_v6(&v6);
  return std::nullopt;
}

IpAddress IpAddress::of(const SocketAddress& address) {
  if (address.family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address.bytes.data(), std::min(sizeof in, address.bytes.size()));
    return from_v4(&in.sin_addr);
  }
  sockaddr_in6 in{};
  std::memcpy(&in, address.bytes.data(), std::min(sizeof in, address.bytes.size()));
  return from_v6(&in.sin6_addr);
}

std::string to_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4(address))
    ::inet_ntop(AF_INET, address.bytes.data() + kMappedBytes, text.data(), text.size());
  else
    ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
  return text.data();
}

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(std::string{text.substr(0, slash)});
  if (!address) return std::nullopt;
  const bool v4 = text.find(':') == text.npos;
  const auto bits = slash == text.npos ? (v4 ? 32 : 128) : to_integer(text.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > (v4 ? 32 : 128)) return std::nullopt;
  return Network{*address, static_cast<int>(*bits) + (v4 ? kMappedBits : 0)};
}

bool Network::holds(const IpAddress& address) const {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(first.bytes.begin(), first.bytes.begin() + static_cast<long>(whole), address.bytes.begin()))
    return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto differs = first.bytes[whole] ^ address.bytes[whole];
  return (differs >> (8 - rest)) == std::byte{0};
}

bool is_public(const IpAddress& address) {
  if (is_v4(address)) return !in_any(address, kSpecialV4);
  return Network::parse("2000::/3")->holds(address) && !in_any(address, kSpecialV6);
}

bool may_connect(const IpAddress& address, std::span<const Network> allowed) {
  return is_public(address) ||
         std::ranges::any_of(allowed, [&](const Network& network) { return network.holds(address); });
}

}  // namespace visitor::net
