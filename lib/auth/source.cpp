#include "auth/source.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/text.hpp"

namespace visitor::auth {
namespace {

constexpr std::size_t kSubscriberBytes = 8;

std::string text_of(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

}  // namespace

std::optional<std::string> plain_address(std::string_view address) {
  const std::string text{address};
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return text_of(AF_INET, &v4);
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return text_of(AF_INET, v6.s6_addr + 12);
  return text_of(AF_INET6, &v6);
}

std::string source_of(std::string_view address) {
  const auto plain = plain_address(address);
  if (!plain || plain->find(':') == std::string::npos) return plain.value_or(std::string{address});
  in6_addr v6{};
  ::inet_pton(AF_INET6, plain->c_str(), &v6);
  std::fill(v6.s6_addr + kSubscriberBytes, v6.s6_addr + sizeof v6.s6_addr, std::uint8_t{0});
  return text_of(AF_INET6, &v6) + "/64";
}

std::optional<std::string> plain_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = plain_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const long long most = address->find(':') == std::string::npos ? 32 : 128;
  const auto bits = slash == std::string_view::npos ? std::optional{most} : to_integer(text.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > most) return std::nullopt;
  return fmt::format("{}/{}", *address, *bits);
}

}  // namespace visitor::auth
