#include "config/remote.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <system_error>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::config {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 10;
const std::array<std::string, 3> kKeys{"server", "key_file", "ca_file"};
constexpr auto kHint = "Three keys: server = \"https://visitor.example.org\", key_file and ca_file.";

/// A key that others can read is no secret.
void require_private(const std::filesystem::path& key, const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(key.c_str(), &status) != 0 || (status.st_mode & 077U) == 0) return;  // one that is missing shows itself
  throw Error(Errc::config,
              fmt::format("{}: key_file: others may read {} (mode {:04o})", file.string(), key.string(),
                          status.st_mode & 07777U),
              fmt::format("Run 'chmod 600 {}'; where others have read it, make another key.", key.string()));
}

}  // namespace

Remote parse_remote(std::string_view text, const std::filesystem::path& file) {
  Remote remote;
  std::vector<std::string> problems;
  const auto add = [&](const toml::source_region& source, std::string key, std::string message) {
    problems.push_back(to_text(Problem{file, static_cast<int>(source.begin.line), std::move(key), std::move(message)}));
  };
  try {
    const auto table = toml::parse(text, file.string());
    for (const auto& [name, node] : table) {
      const std::string key{name.str()};
      const auto value = node.value_exact<std::string>();
      const auto path = [&] {
        const std::filesystem::path given = value.value_or("");
        return given.empty() || given.is_absolute() ? given : file.parent_path() / given;
      };
      if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
        const auto near = nearest(key, kKeys);
        add(node.source(), key, near ? fmt::format("unknown key; did you mean '{}'?", *near) : "unknown key");
      } else if (!value || value->empty()) {
        add(node.source(), key, "must be text in quotes");
      } else if (key == "server") {
        remote.server = *value;
      } else if (key == "key_file") {
        remote.key_file = path();
      } else {
        remote.ca_file = path();
      }
    }
    if (!table.contains("server")) problems.push_back(to_text(Problem{file, 0, "server", "is missing"}));
  } catch (const toml::parse_error& error) {
    add(error.source(), "", fmt::format("not valid TOML: {}", error.description()));
  }
  if (!problems.empty()) throw Error(Errc::config, fmt::format("{}", fmt::join(problems, "\n")), kHint);
  return remote;
}

std::optional<Remote> find_remote(const std::optional<std::filesystem::path>& config) {
  if (config) return std::nullopt;
  const auto own = default_file();
  const auto file = own.parent_path() / "remote.toml";
  std::error_code error;
  if (std::filesystem::exists(own, error)) return std::nullopt;
  const auto text = read_file(file, kMostBytes);
  if (!text) return std::nullopt;
  auto remote = parse_remote(*text, file);
  if (!remote.key_file.empty()) require_private(remote.key_file, file);
  return remote;
}

}  // namespace visitor::config
