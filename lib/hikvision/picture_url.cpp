#include "hikvision/picture_url.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace visitor::hikvision {

std::optional<std::string> picture_target(std::string_view url) {
  constexpr std::size_t kLongest = 1'000;
  if (url.size() > kLongest) return std::nullopt;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(url.substr(0, scheme.size()), scheme)) continue;
    const auto path = url.find('/', scheme.size());
    if (path == std::string_view::npos) return std::nullopt;
    url.remove_prefix(path);
  }
  const bool printable = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F; });
  if (url.size() < 2 || url[0] != '/' || url[1] == '/' || !printable) return std::nullopt;
  return std::string{url.substr(0, url.find('#'))};
}

}  // namespace visitor::hikvision
