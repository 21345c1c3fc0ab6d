#include "app/backup_target.hpp"

#include <algorithm>
#include <string>

namespace visitor::app {
namespace {

using archive::S3Options;

std::string unless_none(const std::string& choice) {
  return choice == "none" ? "" : choice;
}

S3Options::Addressing addressing_of(const std::string& choice) {
  if (choice == "path") return S3Options::Addressing::path;
  if (choice == "host") return S3Options::Addressing::host;
  return S3Options::Addressing::automatic;
}

std::string lock_mode_of(const std::string& choice) {
  if (choice == "governance") return "GOVERNANCE";
  return choice == "compliance" ? "COMPLIANCE" : "";
}

S3Options to_options(const config::Settings::S3& bucket) {
  S3Options out;
  out.endpoint = bucket.endpoint;
  out.region = bucket.region;
  out.addressing = addressing_of(bucket.addressing);
  out.ca_file = bucket.ca_file;
  out.credentials_file = bucket.credentials_file;
  out.profile = bucket.profile;
  out.storage_class = bucket.storage_class;
  out.encryption = bucket.kms_key.empty() ? unless_none(bucket.encryption) : "aws:kms";
  out.kms_key = bucket.kms_key;
  out.lock_mode = lock_mode_of(bucket.lock_mode);
  out.lock_for = bucket.lock_for;
  out.part_bytes = bucket.part_size;
  out.request_timeout = bucket.timeout;
  return out;
}

}  // namespace

archive::TargetOptions backup_target_options(const config::Settings& settings, std::string_view url) {
  constexpr std::string_view kScheme = "s3://";
  archive::TargetOptions options;
  if (!url.starts_with(kScheme)) return options;
  url.remove_prefix(kScheme.size());
  const auto found = std::ranges::find(settings.buckets, url.substr(0, url.find('/')), &config::Settings::S3::bucket);
  if (found != settings.buckets.end()) options.s3 = to_options(*found);
  return options;
}

std::unique_ptr<archive::Target> open_backup_target(const config::Settings& settings, std::string_view url,
                                                    const Clock& clock, std::stop_token stop,
                                                    std::uint64_t expected_bytes) {
  auto options = backup_target_options(settings, url);
  options.clock = &clock;
  options.stop = std::move(stop);
  options.expected_bytes = expected_bytes;
  return archive::open_target(url, options);
}

}  // namespace visitor::app
