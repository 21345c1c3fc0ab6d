#include "archive/target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "archive/file_target.hpp"
#include "archive/object_name.hpp"
#include "archive/s3_credentials.hpp"
#include "archive/s3_target.hpp"
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

/// Source: "General purpose bucket naming rules" of Amazon S3.
bool is_bucket_name(std::string_view name) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLongest = 63;
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return name.size() >= kShortest && name.size() <= kLongest && plain(name.front()) && plain(name.back()) &&
         name.find("..") == name.npos &&
         std::ranges::all_of(name, [&](char c) { return plain(c) || c == '-' || c == '.'; });
}

std::unique_ptr<Target> open_s3(std::string_view url, std::string_view rest, const TargetOptions& options) {
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto bucket = rest.substr(0, slash);
  if (!is_bucket_name(bucket)) refuse(url, "a bucket has a name of 3 to 63 lower-case letters, digits, '-' and '.'");
  auto prefix = rest.substr(std::min(slash + 1, rest.size()));
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!prefix.empty() && !is_object_name(prefix))
    refuse(url, "the prefix has letters, digits, '.', '_' and '-' in parts between slashes");
  return open_s3_target(std::string{bucket}, std::string{prefix}, options,
                        find_s3_credentials(options.s3, process_environment()));
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
  if (scheme == "s3") return open_s3(url, rest, options);
  refuse(url, scheme.empty() ? "it has no scheme" : "its scheme is not known");
}

}  // namespace visitor::archive
