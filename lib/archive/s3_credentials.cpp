#include "archive/s3_credentials.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

/// The text of a file with secrets, wiped when it goes.
class SecretText {
 public:
  explicit SecretText(std::string text) : text_(std::move(text)) {}
  ~SecretText() { sodium_memzero(text_.data(), text_.size()); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  std::string_view view() const { return text_; }

 private:
  std::string text_;
};

using Section = std::map<std::string, Secret, std::less<>>;

/// The entries of "[name]", or nothing if there is no such section. Source: the AWS SDKs' "Shared config and
/// credentials files"; indented lines belong to the entry above and are of no use here.
std::optional<Section> section_of(std::string_view text, std::string_view name) {
  std::optional<Section> found;
  bool inside = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto line = trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      inside = trim(line.substr(1, std::min(line.find(']'), line.size()) - 1)) == name;
      if (inside && !found) found.emplace();
      continue;
    }
    const auto equals = line.find('=');
    if (!inside || equals == line.npos || raw.front() == ' ' || raw.front() == '\t') continue;
    found->insert_or_assign(lower(trim(line.substr(0, equals))), Secret{trim(line.substr(equals + 1))});
  }
  return found;
}

void check_private(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;  // reading it will say why
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    throw Error(Errc::denied, fmt::format("the S3 credentials in {} belong to another user", path.string()),
                fmt::format("Run 'chown {} {}'.", ::geteuid(), path.string()));
  constexpr mode_t kOthers = 077;
  if ((status.st_mode & kOthers) != 0)
    throw Error(Errc::denied, fmt::format("the S3 credentials in {} can be read by others", path.string()),
                fmt::format("Run 'chmod 600 {}', and renew the key if others have read it.", path.string()));
}

/// A key goes into a header as it is.
void check_printable(std::string_view value, std::string_view what, std::string_view source) {
  if (std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7f; })) return;
  throw Error(Errc::config, fmt::format("the {} in {} holds blanks or characters that are not ASCII", what, source));
}

void check(const S3Credentials& found) {
  if (found.access_key.empty() || found.secret.empty())
    throw Error(Errc::config,
                fmt::format("{} lacks {}", found.source,
                            found.access_key.empty() ? "aws_access_key_id" : "aws_secret_access_key"),
                "Write both below the name of the profile, as 'aws configure' does.");
  check_printable(found.access_key, "access key", found.source);
  check_printable(found.secret.reveal(), "secret key", found.source);
  check_printable(found.token.reveal(), "session token", found.source);
  check_printable(found.region, "region", found.source);
}

S3Credentials from_section(const Section& section, std::string source) {
  const auto value = [&](std::string_view key) {
    const auto entry = section.find(key);
    return entry == section.end() ? Secret{} : entry->second;
  };
  return {std::string{value("aws_access_key_id").reveal()}, value("aws_secret_access_key"), value("aws_session_token"),
          std::string{value("region").reveal()}, std::move(source)};
}

S3Credentials from_file(const fs::path& path, const std::string& profile) {
  auto content = read_file(path, kLargestFile);
  if (!content) throw Error(Errc::config, fmt::format("the file of S3 credentials {} does not exist", path.string()));
  const SecretText text{std::move(*content)};
  const auto section = section_of(text.view(), profile);
  if (!section)
    throw Error(Errc::config, fmt::format("{} has no profile {}", path.string(), json_quote(profile)),
                fmt::format("Write [{}] above its keys, or name another profile.", profile));
  return from_section(*section, path.string());
}

std::optional<fs::path> below_home(const Environment& environment, const char* name) {
  const auto home = environment("HOME");
  return home ? std::optional{fs::path{*home} / ".aws" / name} : std::nullopt;
}

std::optional<fs::path> named_or_home(const Environment& environment, const char* variable, const char* name) {
  if (auto path = environment(variable)) return *path;
  return below_home(environment, name);
}

std::string region_of_profile(const Environment& environment, const std::string& profile) {
  const auto path = named_or_home(environment, "AWS_CONFIG_FILE", "config");
  const auto text = path ? read_file(*path, kLargestFile) : std::nullopt;
  if (!text) return "";
  const auto section = section_of(*text, profile == "default" ? profile : "profile " + profile);
  const auto entry = section ? section->find("region") : Section::const_iterator{};
  return section && entry != section->end() ? std::string{entry->second.reveal()} : "";
}

std::optional<S3Credentials> from_environment(const Environment& environment) {
  const auto access_key = environment("AWS_ACCESS_KEY_ID");
  const auto secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!access_key && !secret) return std::nullopt;
  if (!access_key || !secret)
    throw Error(Errc::config, fmt::format("the environment has {} and no {}",
                                          access_key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                                          access_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID"));
  return S3Credentials{*access_key, Secret{*secret}, Secret{environment("AWS_SESSION_TOKEN").value_or("")}, "",
                       "the environment"};
}

S3Credentials found_credentials(const S3Options& options, const Environment& environment, const std::string& profile) {
  if (!options.credentials_file.empty()) {
    check_private(options.credentials_file);
    return from_file(options.credentials_file, profile);
  }
  if (const auto folder = environment("CREDENTIALS_DIRECTORY")) {
    const auto path = fs::path{*folder} / "backup-s3";
    // The service manager sees to its modes, which an access control list can make look like those of a group.
    if (fs::exists(path)) return from_file(path, profile);
  }
  if (auto found = from_environment(environment)) return std::move(*found);
  if (const auto path = named_or_home(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
      path && fs::exists(*path)) {
    check_private(*path);
    return from_file(*path, profile);
  }
  throw Error(Errc::denied, "there are no credentials for the S3 target",
              "Name a file of them in credentials_file, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
}

}  // namespace

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? std::optional<std::string>{value} : std::nullopt;
  };
}

S3Credentials find_s3_credentials(const S3Options& options, const Environment& environment) {
  const auto profile = options.profile.empty() ? environment("AWS_PROFILE").value_or("default") : options.profile;
  auto found = found_credentials(options, environment, profile);
  if (!options.region.empty())
    found.region = options.region;
  else if (const auto region = environment("AWS_REGION"))
    found.region = *region;
  else if (const auto other = environment("AWS_DEFAULT_REGION"))
    found.region = *other;
  if (found.region.empty()) found.region = region_of_profile(environment, profile);
  if (found.region.empty()) found.region = "us-east-1";
  check(found);
  return found;
}

}  // namespace visitor::archive
