#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/backup_watch.hpp"
#include "app/backups.hpp"
#include "app/restore_at.hpp"
#include "app/wal_keeper.hpp"
#include "archive/wal_archive.hpp"
#include "archive/wal_segment.hpp"
#include "core/file.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// An installation on an embedded database whose log is archived.
struct Archived {
  Archived() {
    chmod(folder.path.c_str(), 0711);
    make_directories(folder.path / "archive", 0700);
    settings.state_directory = folder.path / "state";
    settings.backup.recipients = {key.public_key().text()};
    settings.backup.wal.directory = folder.path / "archive";
    settings.backup.wal.max_loss = 1s;
    instance.emplace(settings);
    instance->initialise();
    db::Transaction tx{instance->pool()};
    given_visit(tx, House::build(tx));
    tx.commit();
    keeper.emplace(*instance, settings, clock);
  }
  ~Archived() {
    keeper.reset();
    instance.reset();
    app::Instance last{settings};
    last.cluster().stop();
  }

  template <class T>
  T value(const std::string& sql) {
    db::Connection connection{{.conninfo = instance->conninfo()}};
    db::Transaction tx{connection, {.read_only = true}};
    return tx.row("SELECT " + sql + " AS value").get<T>("value");
  }
  Instant now_of_server() { return value<Instant>("clock_timestamp()"); }
  std::string company() { return value<std::string>("(SELECT max(company) FROM guest)"); }

  /// \returns a moment after that
  Instant given_company(const std::string& name) {
    {
      db::Connection connection{{.conninfo = instance->conninfo()}};
      db::Transaction tx{connection};
      tx.exec("UPDATE guest SET company = $1, version = version + 1", name);
      tx.commit();
    }
    return now_of_server();
  }

  std::optional<store::WalState> state() {
    db::Connection connection{{.conninfo = instance->conninfo()}};
    db::Transaction tx{connection, {.read_only = true}};
    return store::WalStates{tx}.find();
  }
  /// Ticks until it holds.
  template <class Condition>
  void tick_until(const Condition& condition, bool may_fail = false) {
    const auto end = std::chrono::steady_clock::now() + 5min;
    while (!condition()) {
      BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
      try {
        keeper->tick(clock.now(), {});
      } catch (const Error& error) {
        if (!may_fail) BOOST_TEST_MESSAGE("tick: " << error.message());
      }
      std::this_thread::sleep_for(20ms);
    }
  }
  void tick_until_base() {
    tick_until([this] {
      const auto now = state();
      return now && now->base_at.has_value();
    });
  }
  void tick_until_archived(Instant at) {
    tick_until([this, at] {
      const auto now = state();
      return now && now->reaches && *now->reaches > at;
    });
  }

  /// Nobody uses the database any longer.
  void close() {
    keeper.reset();
    instance.emplace(settings);
  }
  app::BackupDesk desk() { return {.instance = *instance, .actor = actor, .clock = clock}; }
  app::Restored restore(Instant at, bool replace = true) {
    const app::RestoreAtOrder order{&key, at, {}, replace};
    const auto plan = app::look_at_restore_at(desk(), order);
    return app::restore_at(desk(), plan, order);
  }
  archive::WalContents contents() { return archive::look_at_wal(*app::open_wal_archive(settings, clock)); }
  fs::path file_of(const archive::ObjectInfo& object) { return settings.backup.wal.directory / object.name; }

  TemporaryFolder folder;
  const SystemClock clock;
  const app::Actor actor{{}, "reception", domain::ActionHow::person};
  archive::PrivateKey key = archive::PrivateKey::make("safe");
  config::Settings settings;
  std::optional<app::Instance> instance;
  std::optional<app::WalKeeper> keeper;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(point_in_time)

BOOST_FIXTURE_TEST_CASE(every_moment_of_both_histories_comes_back_and_nothing_changes_where_it_cannot, Archived) {
  tick_until_base();
  const auto first = given_company("first");
  tick_until_archived(first);
  const auto second = given_company("second");
  tick_until_archived(second);
  tick_until_archived(now_of_server());

  // Somebody else is told that it is not his turn, by nothing happening.
  app::WalKeeper other{*instance, settings, clock};
  other.tick(clock.now(), {});
  BOOST_TEST(!other.making_base());

  BOOST_CHECK_EXCEPTION(restore(first, false), Error, has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(restore(first), Error, has_code(Errc::conflict));  // the keeper and the pool use it
  close();
  const auto found = contents();
  BOOST_REQUIRE(found.stretches.size() == 1U);
  const auto& stretch = found.stretches.front();

  // Outside of what the archive holds.
  for (const auto at : {stretch.from - 1h, stretch.to + 1h})
    BOOST_CHECK_EXCEPTION(restore(at), Error, [&](const Error& error) {
      return error.code() == Errc::not_found && error.message().find(to_iso(stretch.from)) != std::string::npos &&
             error.message().find(to_iso(stretch.to)) != std::string::npos;
    });
  // Somebody else's key.
  const auto stranger = archive::PrivateKey::make("stranger");
  BOOST_CHECK_EXCEPTION(app::look_at_restore_at(desk(), {&stranger, first, {}, true}), Error, has_code(Errc::denied));

  // A byte of a segment that the late moment needs, and then the whole segment.
  const auto& needed = found.segments[found.segments.size() - 2];
  const auto segment = needed.name.substr(needed.name.rfind('/') + 1);
  const auto file = file_of(needed);
  const auto good = *read_file(file, std::size_t{64} << 20);
  auto bad = good;
  bad[bad.size() - 20] = static_cast<char>(bad[bad.size() - 20] ^ 1);
  std::ofstream{file, std::ios::binary} << bad;
  const auto names = [&](Errc code) {
    return [&segment, code](const Error& error) {
      return error.code() == code && error.message().find(segment) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(restore(stretch.to), Error, names(Errc::integrity));
  fs::remove(file);
  BOOST_CHECK_EXCEPTION(restore(stretch.to), Error, names(Errc::not_found));
  BOOST_TEST(company() == "second");
  BOOST_TEST(value<bool>("may_act()"));
  // Nothing of the tries is left, and what lies before the gap can still be had.
  for (const auto& entry : fs::directory_iterator{settings.state_directory / "postgres"})
    BOOST_TEST(!entry.path().filename().string().starts_with("restore-"));
  const auto restored = restore(first);
  write_file(file, good, 0600);
  BOOST_TEST(company() == "first");
  BOOST_TEST(fs::exists(restored.put_aside));
  BOOST_TEST(restored.rows > 0);
  BOOST_TEST(std::ranges::any_of(restored.differences,
                                 [](const std::string& line) { return line.find("public.guest:") == 0; }));
  BOOST_TEST(value<bool>("NOT may_act()"));
  BOOST_TEST(value<std::string>("pg_walfile_name(pg_current_wal_lsn())").substr(0, 8) == "00000002");

  // A database that waits is not archived.
  keeper.emplace(*instance, settings, clock);
  keeper->tick(clock.now(), {});
  BOOST_TEST(value<std::int64_t>("(SELECT count(*) FROM pg_replication_slots)") == 0);

  // From here on there is a history of its own, with a base backup of its own.
  {
    db::Connection connection{{.conninfo = instance->conninfo()}};
    db::Transaction tx{connection};
    tx.exec("UPDATE installation SET held_since = NULL, held_why = ''");
    tx.commit();
  }
  keeper.emplace(*instance, settings, clock);
  tick_until_base();
  const auto third = given_company("third");
  given_company("fourth");
  tick_until_archived(now_of_server());
  close();
  restore(third);
  BOOST_TEST(company() == "third");
  // What was undone can be had back, and the second history's segments keep their names for themselves.
  restore(second);
  BOOST_TEST(company() == "second");
  BOOST_TEST(value<std::string>("pg_walfile_name(pg_current_wal_lsn())").substr(0, 8) == "00000003");
}

BOOST_FIXTURE_TEST_CASE(an_archive_that_refuses_is_an_alert_and_one_given_up_begins_anew, Archived) {
  tick_until_base();
  const auto wal = settings.backup.wal.directory / "wal";
  fs::rename(wal, settings.backup.wal.directory / "wal-away");
  std::ofstream{wal} << "in the way";
  const auto during = given_company("while it was full");
  tick_until([this] { return state()->failing_since.has_value(); }, true);
  BOOST_TEST(!state()->failure.empty());
  {
    db::Transaction tx{instance->pool(), {.read_only = true}};
    const auto facts = app::backup_facts({tx, actor, clock.now(), settings, domain::Scope::everything()});
    const auto later = app::assess_backups(facts, clock.now() + 3min);
    BOOST_REQUIRE(!later.empty());
    BOOST_TEST(later.front().name == "wal_stopped");
    BOOST_TEST((app::backup_check(facts, clock.now() + 2h).status == app::CheckStatus::critical));
  }
  // The database goes on meanwhile; then everything is made up for.
  given_company("still there");
  fs::remove(wal);
  fs::rename(settings.backup.wal.directory / "wal-away", wal);
  tick_until_archived(now_of_server());
  BOOST_TEST(!state()->failing_since.has_value());
  const auto found = contents();
  BOOST_REQUIRE(found.stretches.size() == 1U);
  BOOST_TEST(found.stretches.front().gap == "");

  // More waits than [backup.wal] max_behind.
  const auto chain = state()->chain_from;
  const auto max_behind = std::exchange(settings.backup.wal.max_behind, std::size_t{16} << 20);
  keeper.reset();
  instance.emplace(settings);
  instance->cluster().reload();
  const auto end = std::chrono::steady_clock::now() + 2min;
  while (value<bool>("NOT EXISTS (SELECT FROM pg_replication_slots WHERE wal_status = 'lost')")) {
    BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
    given_company("still there");
    value<std::string>("pg_switch_wal()::text");
    db::Connection connection{{.conninfo = instance->conninfo()}};
    db::Transaction tx{connection};
    tx.exec("CHECKPOINT");
    tx.commit();
  }
  settings.backup.wal.max_behind = max_behind;
  instance.emplace(settings);
  keeper.emplace(*instance, settings, clock);
  tick_until([&] {
    const auto now = state();
    return now->chain_from > chain && now->base_at && *now->base_at > now->chain_from;
  });
  BOOST_TEST(contents().bases.size() == 2U);

  // Where it is turned off, nothing waits for it any longer.
  keeper.reset();
  auto off = settings;
  off.backup.wal.directory.clear();
  app::Instance without{off};
  app::end_wal_archive(without);
  BOOST_TEST(value<std::int64_t>("(SELECT count(*) FROM pg_replication_slots)") == 0);
  BOOST_TEST(!state().has_value());
  app::end_wal_archive(without);

  // What the old one holds can still be had.
  close();
  restore(during);
  BOOST_TEST(company() == "while it was full");
}

BOOST_AUTO_TEST_SUITE_END()
