#include "app/backup_target.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace visitor;
using namespace std::chrono_literals;
using archive::S3Options;

namespace {

config::Settings with_bucket() {
  config::Settings settings;
  auto& bucket = settings.buckets.emplace_back();
  bucket.name = "offsite";
  bucket.bucket = "visitor-backups";
  return settings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_target)

BOOST_AUTO_TEST_CASE(every_option_of_a_bucket_reaches_its_target) {
  auto settings = with_bucket();
  auto& bucket = settings.buckets.front();
  bucket.endpoint = "https://minio.example.org:9000";
  bucket.region = "eu-central-1";
  bucket.addressing = "host";
  bucket.ca_file = "/ca.pem";
  bucket.credentials_file = "/keys";
  bucket.profile = "backup";
  bucket.storage_class = "STANDARD_IA";
  bucket.kms_key = "alias/backup";
  bucket.lock_mode = "compliance";
  bucket.lock_for = 24h;
  bucket.part_size = 16 << 20;
  bucket.timeout = 30s;
  const auto s3 = app::backup_target_options(settings, "s3://visitor-backups/house").s3;
  BOOST_TEST(s3.endpoint == "https://minio.example.org:9000");
  BOOST_TEST(s3.region == "eu-central-1");
  BOOST_TEST((s3.addressing == S3Options::Addressing::host));
  BOOST_TEST(s3.ca_file == "/ca.pem");
  BOOST_TEST(s3.credentials_file == "/keys");
  BOOST_TEST(s3.profile == "backup");
  BOOST_TEST(s3.storage_class == "STANDARD_IA");
  BOOST_TEST(s3.encryption == "aws:kms");
  BOOST_TEST(s3.kms_key == "alias/backup");
  BOOST_TEST(s3.lock_mode == "COMPLIANCE");
  BOOST_TEST((s3.lock_for == 24h));
  BOOST_TEST(s3.part_bytes == 16U << 20);
  BOOST_TEST((s3.request_timeout == 30s));
}

BOOST_AUTO_TEST_CASE(what_a_bucket_does_not_say_asks_for_nothing) {
  const auto settings = with_bucket();
  const auto s3 = app::backup_target_options(settings, "s3://visitor-backups").s3;
  BOOST_TEST(s3.encryption.empty());
  BOOST_TEST(s3.lock_mode.empty());
  BOOST_TEST((s3.addressing == S3Options::Addressing::automatic));
  BOOST_TEST((s3.request_timeout == S3Options{}.request_timeout));
  BOOST_TEST(s3.part_bytes == S3Options{}.part_bytes);
}

BOOST_AUTO_TEST_CASE(what_is_said_of_one_bucket_is_not_said_of_another) {
  auto settings = with_bucket();
  settings.buckets.front().endpoint = "https://minio.example.org";
  for (const auto* url : {"s3://visitor-backups-2/house", "s3://visitor", "file:///visitor-backups", "s3://"})
    BOOST_TEST(app::backup_target_options(settings, url).s3.endpoint.empty(), url);
}

BOOST_AUTO_TEST_SUITE_END()
