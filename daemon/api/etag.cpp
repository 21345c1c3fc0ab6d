#include "daemon/api/etag.hpp"

#include <fmt/format.h>

#include "core/checksum.hpp"
#include "core/text.hpp"

namespace visitor::api {
std::string etag_of(std::string_view body, std::optional<int> version) {
  const auto hash = to_hex(checksum(body));
  return version ? fmt::format("\"{}-{}\"", *version, hash) : fmt::format("\"{}\"", hash);
}

bool names_etag(std::string_view header, std::string_view etag, bool weak) {
  if (trim(header) == "*") return true;
  while (!header.empty()) {
    const auto comma = header.find(',');
    auto one = trim(header.substr(0, comma));
    if (weak && one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag) return true;
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace visitor::api
