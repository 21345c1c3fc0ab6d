#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "config/settings.hpp"
#include "config_folder.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "vbk-50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545ca7122a2e";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_backup, test::ConfigFolder)

BOOST_AUTO_TEST_CASE(the_limits_of_drills_and_proofs_are_options) {
  const auto reading = read("[backup]\nrestore_within = \"7d\"\nprove_within = \"31d\"\n");
  BOOST_TEST(reading.problems.empty());
  BOOST_TEST((reading.settings.backup.restore_within == 7 * 24h));
  BOOST_TEST((reading.settings.backup.prove_within == 31 * 24h));
  const config::Settings::Backup fallback;
  BOOST_TEST((fallback.restore_within == 35 * 24h && fallback.prove_within == 100 * 24h));
}

BOOST_AUTO_TEST_CASE(a_recipient_is_a_key_without_a_typing_mistake) {
  BOOST_TEST(read("[backup]\nrecipients = [\"" + kKey + "\"]\n").problems.empty());
  for (std::size_t at = 0; at < kKey.size(); at += 5) {
    auto wrong = kKey;
    wrong[at] = wrong[at] == '7' ? '8' : '7';
    BOOST_TEST(
        problem("[backup]\nrecipients = [\"" + wrong + "\"]\n").starts_with("2: backup.recipients: must be a line"));
  }
}

BOOST_AUTO_TEST_CASE(a_target_is_a_whole_path_or_a_bucket) {
  for (const auto* good : {"file:///srv/backup", "s3://visitor-backups", "s3://visitor-backups/house/a"})
    BOOST_TEST(read(std::string{"[backup]\ntargets = [\""} + good + "\"]\n").problems.empty(), good);
  for (const auto* bad : {"/srv/backup", "file://srv/backup", "file://", "s3://", "s3:///house", "s3://a b/c",
                          "ftp://x/y", "S3://visitor-backups", ""})
    BOOST_TEST(problem(std::string{"[backup]\ntargets = [\""} + bad + "\"]\n").starts_with("2: backup.targets: must "),
               bad);
}

BOOST_AUTO_TEST_CASE(the_schedule_is_a_time_of_the_day) {
  for (const auto* bad : {"3:00", "24:00", "03:60", "noon"})
    BOOST_TEST(problem(std::string{"[backup]\nschedule = \""} + bad + "\"\n").starts_with("2: backup.schedule: "), bad);
}

BOOST_AUTO_TEST_SUITE_END()
