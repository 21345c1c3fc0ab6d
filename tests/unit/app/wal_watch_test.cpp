#include <boost/test/unit_test.hpp>

#include "app/backup_watch.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::app;
using namespace std::chrono_literals;
using visitor::test::at;

namespace {

const auto kNow = at("2026-11-23T12:00:00Z");
constexpr std::int64_t kGiB = std::int64_t{1} << 30;

/// An archive of the log as it should be, and no target for dumps.
struct Archived {
  BackupFacts facts;

  Archived() {
    facts.wal = BackupFacts::Wal{store::WalState{}, 5min, 7 * 24h, 4 * kGiB, 20};
    state().looked_at = kNow - 30s;
    state().chain_from = kNow - 30 * 24h;
    state().reaches = kNow - 4min;
    state().oldest_at = kNow - 20 * 24h;
    state().base_at = kNow - 6 * 24h;
    state().bytes = 3 * kGiB;
    state().disk_bytes = 100 * kGiB;
    state().free_bytes = 50 * kGiB;
    state().behind_bytes = 16 << 20;
  }
  store::WalState& state() { return *facts.wal->state; }

  /// "wal_disk:1 wal_late:2", with the status.
  std::string found(Instant now = kNow) const {
    std::string names;
    for (const auto& one : assess_backups(facts, now))
      names += (names.empty() ? "" : " ") + one.name + ":" + std::to_string(static_cast<int>(one.status));
    return names;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(wal_watch, Archived)

BOOST_AUTO_TEST_CASE(an_archive_that_keeps_up_is_no_finding) {
  BOOST_TEST(found() == "");
  BOOST_TEST((backup_check(facts, kNow).status == CheckStatus::ok));
  BOOST_TEST(point_in_time(facts, Zone::named("Asia/Almaty")) ==
             "Point in time: from 2026-11-03 17:00:00 to 2026-11-23 16:56:00, 3.0 GiB in the archive");
  facts.wal->state.reset();
  BOOST_TEST(found() == "");
  BOOST_TEST(point_in_time(facts, Zone::utc()) == "Point in time: nothing is archived yet; visitord begins");
  facts.wal.reset();
  BOOST_TEST(point_in_time(facts, Zone::utc()) == "Point in time: off; [backup.wal] directory turns it on");
  facts.embedded = false;
  BOOST_TEST(point_in_time(facts, Zone::utc()).find("pgbackrest") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_disk_that_fills_up_is_a_warning_long_before_it_is_full) {
  state().free_bytes = 19 * kGiB;
  state().low_since = kNow - 1h;
  BOOST_TEST(found() == "wal_disk:1");
  BOOST_TEST(assess_backups(facts, kNow).front().since == kNow - 1h);
  state().free_bytes = 5 * kGiB;
  BOOST_TEST(found() == "wal_disk:1");
  state().free_bytes = 4 * kGiB;
  BOOST_TEST(found() == "wal_disk:2");
  BOOST_TEST(backup_check(facts, kNow).message ==
             "4% of the disk with the archive of the write-ahead log are free (4.0 GiB)");
}

BOOST_AUTO_TEST_CASE(what_is_not_archived_is_told_after_two_minutes_and_is_critical_after_an_hour) {
  state().failing_since = kNow;
  state().failure = "no space left on device";
  state().looked_at = kNow + 2h;
  state().reaches = kNow + 2h;
  BOOST_TEST(found(kNow + 119s) == "");
  BOOST_TEST(found(kNow + 2min) == "wal_stopped:1");
  BOOST_TEST(found(kNow + 1h) == "wal_stopped:2");
}

BOOST_AUTO_TEST_CASE(an_archive_that_nobody_keeps_any_longer_is_told) {
  state().reaches = kNow + 2h;
  BOOST_TEST(found(state().looked_at + 239s) == "");
  BOOST_TEST(found(state().looked_at + 4min) == "wal_stopped:1");
}

BOOST_AUTO_TEST_CASE(an_archive_that_ends_long_ago_is_late) {
  state().reaches = kNow - 15min + 1s;
  BOOST_TEST(found() == "");
  state().reaches = kNow - 15min;
  BOOST_TEST(found() == "wal_late:1");
  // Three times what may be lost.
  facts.wal->max_loss = 1h;
  BOOST_TEST(found() == "");
}

BOOST_AUTO_TEST_CASE(what_waits_is_told_before_it_is_given_up) {
  state().behind_bytes = 2 * kGiB;
  state().behind_since = kNow - 1min;
  BOOST_TEST(found() == "wal_behind:1");
  state().behind_bytes = 4 * kGiB / 5 * 4;
  BOOST_TEST(found() == "wal_behind:2");
}

BOOST_AUTO_TEST_CASE(a_base_backup_that_is_a_day_late_or_missing_is_told) {
  state().base_at = kNow - 8 * 24h + 1s;
  BOOST_TEST(found() == "");
  state().base_at = kNow - 8 * 24h;
  BOOST_TEST(found() == "wal_base:1");
  state().base_at.reset();
  BOOST_TEST(found() == "wal_base:1");
  state().chain_from = kNow - 59min;
  BOOST_TEST(found() == "");
}

BOOST_AUTO_TEST_CASE(a_gap_is_told_by_its_segment) {
  state().gap = "0000000100000000000000A4";
  state().gap_since = kNow - 1h;
  BOOST_TEST(found() == "wal_gap:1");
  BOOST_TEST(backup_check(facts, kNow).message ==
             "the archive of the write-ahead log has a gap at segment 0000000100000000000000A4");
}

BOOST_AUTO_TEST_SUITE_END()
