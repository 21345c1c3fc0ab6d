#include "daemon/http/forwarded.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace visitor::http {
namespace {

constexpr std::string_view kHeader = "X-Forwarded-For";

bool is_proxy(const std::string& address, std::span<const net::Network> proxies) {
  const auto parsed = net::IpAddress::parse(address);
  return parsed && std::ranges::any_of(proxies, [&](const net::Network& network) { return network.holds(*parsed); });
}

}  // namespace

std::string client_of(const Request& request, std::span<const net::Network> proxies) {
  auto client = request.remote;
  if (!is_proxy(client, proxies)) return client;
  std::string list;
  for (const auto& [name, value] : request.headers)
    if (equal_ignoring_case(name, kHeader)) list += "," + value;
  while (!list.empty() && is_proxy(client, proxies)) {
    const auto comma = list.rfind(',');
    const auto parsed = net::IpAddress::parse(std::string{trim(std::string_view{list}.substr(comma + 1))});
    if (!parsed) break;
    client = net::to_text(*parsed);
    list.resize(comma);
  }
  return client;
}

}  // namespace visitor::http
