#include <boost/test/unit_test.hpp>
#include <string>

#include "config_folder.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "vbk-50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545ca7122a2e";

std::string backup(const std::string& targets = "") {
  return "[backup]\nrecipients = [\"" + kKey + "\"]\ntargets = [" + targets + "]\n";
}
const std::string kWal = "[backup.wal]\ndirectory = \"/srv/wal\"\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_wal, test::ConfigFolder)

BOOST_AUTO_TEST_CASE(a_table_within_a_table_is_read_with_its_defaults) {
  const auto reading = read(backup() + kWal + "keep = \"3d\"\nmax_behind = \"1GiB\"\n");
  BOOST_TEST(reading.problems.empty());
  const auto& wal = reading.settings.backup.wal;
  BOOST_TEST(wal.directory == "/srv/wal");
  BOOST_TEST((wal.keep == 72h));
  BOOST_TEST((wal.base_every == 7 * 24h));
  BOOST_TEST((wal.max_loss == 5min));
  BOOST_TEST(wal.max_behind == std::size_t{1} << 30);
  BOOST_TEST(wal.warn_free == 20);
  BOOST_TEST(reading.settings.from_file.contains("backup.wal.keep"));
  // Off unless it is wanted.
  BOOST_TEST(read(backup()).settings.backup.wal.directory.empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_it_is_named_with_its_line) {
  BOOST_TEST(problem(backup() + "[backup.wal]\nkep = \"3d\"\n")
                 .starts_with("5: backup.wal.kep: unknown option; did you mean "));
  BOOST_TEST(problem(backup() + "wal = true\n") ==
             "4: backup.wal: must be a table: write [backup.wal] and its options below it");
  BOOST_TEST(problem(backup() + kWal + "warn_free = 0\n").starts_with("6: backup.wal.warn_free: must be "));
}

BOOST_AUTO_TEST_CASE(an_archive_that_nobody_reads_or_that_is_of_no_use_is_refused) {
  BOOST_TEST(problem(kWal) == "2: backup.wal.directory: needs backup.recipients: nobody could read the archive");
  BOOST_TEST(problem(backup() + kWal + "[database]\nurl = \"host=db.example\"\n")
                 .starts_with("5: backup.wal.directory: is for the embedded database only"));
  BOOST_TEST(problem(backup("\"file:///srv/wal\"") + kWal)
                 .starts_with("5: backup.wal.directory: is among backup.targets, too"));
}

BOOST_AUTO_TEST_SUITE_END()
