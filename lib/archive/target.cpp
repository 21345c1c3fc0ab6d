#include "archive/target.hpp"

#include <fmt/format.h>

#include "archive/file_target.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  throw Error(Errc::usage, fmt::format("{} is no backup target: {}", json_quote(shortened(url, 120)), why),
              "Write file:///folder or s3://bucket/prefix.");
}

/// "%20" and so on.
std::string decoded(std::string_view url, std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      out += path[i];
      continue;
    }
    const auto byte = from_hex(path.substr(i + 1, 2));
    if (!byte || byte->size() != 1 || byte->front() == std::byte{0}) refuse(url, "a '%' in it stands for no character");
    out += static_cast<char>(byte->front());
    i += 2;
  }
  return out;
}

}  // namespace

std::unique_ptr<Target> open_target(std::string_view url, const TargetOptions& options) {
  const auto colon = url.find("://");
  const auto scheme = url.substr(0, colon == url.npos ? 0 : colon);
  const auto rest = url.substr(colon == url.npos ? 0 : colon + 3);
  if (scheme == "file") {
    if (!rest.starts_with('/')) refuse(url, "a file target has an absolute path after three slashes");
    return open_file_target(decoded(url, rest), options);
  }
  refuse(url, scheme.empty() ? "it has no scheme" : "its scheme is not known");
}

}  // namespace visitor::archive
