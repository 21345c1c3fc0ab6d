#include "archive/object_name.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

constexpr std::size_t kLongestName = 512;
constexpr std::size_t kLongestPart = 200;  // file systems allow 255, and an upload adds to it

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool is_part(std::string_view part) {
  return !part.empty() && part.size() <= kLongestPart && part.front() != '.' && std::ranges::all_of(part, is_allowed);
}

}  // namespace

bool is_object_name(std::string_view name) {
  if (name.size() > kLongestName) return false;
  for (;;) {
    const auto slash = name.find('/');
    if (!is_part(name.substr(0, slash))) return false;
    if (slash == name.npos) return true;
    name.remove_prefix(slash + 1);
  }
}

void check_object_name(std::string_view name) {
  if (is_object_name(name)) return;
  throw Error(Errc::usage,
              fmt::format("{} cannot be the name of an object in a backup target", json_quote(shortened(name, 80))),
              "A name has letters, digits, '.', '_' and '-' in parts between slashes, and no part begins with a dot.");
}

}  // namespace visitor::archive
