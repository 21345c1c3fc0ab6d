#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "config_folder.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

const std::string kOffsite = "[[s3]]\nname = \"offsite\"\nbucket = \"visitor-backups\"\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_buckets, test::ConfigFolder)

BOOST_AUTO_TEST_CASE(a_bucket_is_read_with_its_defaults) {
  const auto reading = read(kOffsite +
                            "endpoint = \"https://minio.example.org:9000\"\ncredentials_file = \"keys\"\n"
                            "lock_mode = \"compliance\"\nlock_for = \"30d\"\npart_size = \"16MiB\"\n");
  BOOST_TEST(reading.problems.empty());
  BOOST_REQUIRE_EQUAL(reading.settings.buckets.size(), 1U);
  const auto& bucket = reading.settings.buckets.front();
  BOOST_TEST(bucket.bucket == "visitor-backups");
  BOOST_TEST(bucket.endpoint == "https://minio.example.org:9000");
  BOOST_TEST(bucket.credentials_file == path / "keys");
  BOOST_TEST(bucket.addressing == "auto");
  BOOST_TEST(bucket.encryption == "none");
  BOOST_TEST(bucket.lock_mode == "compliance");
  BOOST_TEST((bucket.lock_for == 30 * 24h));
  BOOST_TEST(bucket.part_size == 16U << 20);
  BOOST_TEST((bucket.timeout == 120s));
}

BOOST_AUTO_TEST_CASE(what_belongs_together_must_stand_together) {
  BOOST_TEST(problem(kOffsite + "lock_mode = \"governance\"\n") == "4: s3.offsite.lock_mode: needs lock_for beside it");
  BOOST_TEST(problem(kOffsite + "lock_for = \"1d\"\n") == "4: s3.offsite.lock_for: needs lock_mode beside it");
  BOOST_TEST(problem(kOffsite + "encryption = \"AES256\"\nkms_key = \"alias/backup\"\n") ==
             "5: s3.offsite.kms_key: is of no use beside encryption = \"AES256\"");
}

BOOST_AUTO_TEST_CASE(two_entries_about_one_bucket_are_a_problem) {
  BOOST_TEST(problem(kOffsite + "[[s3]]\nname = \"other\"\nbucket = \"visitor-backups\"\n") ==
             "6: s3.other.bucket: [[s3]] \"offsite\" is about this bucket, too");
}

BOOST_AUTO_TEST_CASE(a_part_has_the_bounds_of_s3) {
  BOOST_TEST(problem(kOffsite + "part_size = \"1MiB\"\n").starts_with("4: s3.offsite.part_size: must be from 5MiB"));
  BOOST_TEST(problem("[[s3]]\nname = \"offsite\"\n").find("bucket") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
