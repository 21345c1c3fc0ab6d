#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <span>

#include "app/backup_prune.hpp"
#include "app/backup_turn.hpp"
#include "app/backup_watch.hpp"
#include "app/health.hpp"
#include "app/journal.hpp"
#include "app/rules.hpp"
#include "core/error.hpp"
#include "db/migrations.hpp"
#include "db/migrator.hpp"
#include "domain/rules.hpp"
#include "store/backup_records.hpp"
#include "store/incidents.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

/// Three nights, the newest first: folders of two objects each at a target, and what the database knows of them.
struct Nights : Database {
  TemporaryFolder folder;
  TemporaryFolder state;
  config::Settings settings;
  ManualClock clock{today_at("12:00")};
  app::Actor actor;
  std::vector<std::string> names;

  Nights() {
    settings.state_directory = state.path;
    settings.backup.targets = {"file://" + folder.path.string()};
    settings.backup.time_zone = "Etc/UTC";
    db::Transaction tx{pool};
    tx.exec("DELETE FROM backup_copy");
    tx.exec("DELETE FROM backup_run");
    actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, today_at("06:00"));
    for (int night = 0; night < 3; ++night) add(tx, today_at("03:00") - night * 24h);
    tx.commit();
  }

  void add(db::Transaction& tx, Instant begun) {
    names.push_back(fmt::format("2026090{}T030000Z-abcdef", 1 + names.size()));
    const auto& name = names.back();
    std::filesystem::create_directory(folder.path / name);
    for (const auto* object : {"manifest.json", "data"}) std::ofstream{folder.path / name / object} << "x";
    store::BackupRecords records{tx};
    records.start({name, true, "gate", ""}, begun);
    records.end(name, {.state = "done", .message = "", .bytes = 2}, begun + 1min);
    records.add_copy({name, settings.backup.targets.front(), begun, begun + 1min, 2});
  }

  bool is_there(std::size_t night) const { return std::filesystem::exists(folder.path / names[night] / "data"); }

  std::vector<app::PruneItem> prune(const archive::Policy& policy) {
    return app::prune(pool, settings, clock, actor, policy);
  }
  template <class Do>
  auto in_transaction(Do&& work) {
    db::Transaction tx{pool};
    const auto result = work(app::Work{tx, actor, clock.now(), settings, domain::Scope::everything()});
    tx.commit();
    return result;
  }
};

archive::Policy last(int count) {
  archive::Policy policy;
  policy.last = count;
  return policy;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keeping_backups, Nights)

BOOST_AUTO_TEST_CASE(what_no_rule_keeps_goes_from_its_target_and_from_the_list) {
  const auto items = prune(last(2));
  BOOST_TEST(items.size() == 3U);
  BOOST_TEST(!items[2].verdict.keep);
  BOOST_TEST(items[2].failure == "");
  BOOST_TEST(is_there(0));
  BOOST_TEST(is_there(1));
  BOOST_TEST(!is_there(2));
  BOOST_TEST(!std::filesystem::exists(folder.path / names[2] / "manifest.json"));
  db::Transaction tx{pool};
  BOOST_TEST(store::BackupLog{tx}.copies().size() == 2U);
  app::AuditFilter filter;
  filter.topic = "backup";
  filter.entity = items[2].copy.id;
  BOOST_TEST(app::list_audit(app::Work{tx, actor, clock.now(), settings, domain::Scope::everything()}, filter).size() ==
             1U);
}

BOOST_AUTO_TEST_CASE(a_held_backup_stays_until_it_is_released) {
  in_transaction([&](const app::Work& work) { return app::hold_backup(work, names[2], "case 4711"); });
  prune(last(1));
  BOOST_TEST(is_there(2));
  BOOST_TEST(!is_there(1));
  in_transaction([&](const app::Work& work) { return app::release_backup(work, names[2]); });
  prune(last(1));
  BOOST_TEST(!is_there(2));
}

BOOST_AUTO_TEST_CASE(a_backup_that_is_not_there_cannot_be_held_and_one_that_is_not_held_cannot_be_released) {
  db::Transaction tx{pool};
  const app::Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
  BOOST_CHECK_EXCEPTION(app::hold_backup(work, "20200101T030000Z-nobody", "x"), Error, has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::release_backup(work, names[0]), Error, has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::hold_backup(work, names[0], ""), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(a_target_that_is_away_is_named_and_its_copies_stay_listed) {
  std::filesystem::remove_all(folder.path);
  const auto items = prune(last(1));
  BOOST_TEST(items[1].failure != "");
  db::Transaction tx{pool};
  BOOST_TEST(store::BackupLog{tx}.copies().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_policy_that_may_leave_no_verified_copy_is_refused_and_removes_nothing) {
  auto policy = last(1);
  policy.min_verified = 0;
  BOOST_CHECK_EXCEPTION(prune(policy), Error, has_code(Errc::config));
  BOOST_TEST(is_there(2));
}

BOOST_AUTO_TEST_CASE(one_at_a_time_has_the_turn_and_it_goes_with_its_holder) {
  {
    const app::BackupTurn turn{pool, clock.now()};
    BOOST_CHECK_EXCEPTION(prune(last(1)), Error, has_code(Errc::conflict));
    BOOST_TEST(!app::BackupTurn::take(pool, clock.now()));
  }
  BOOST_TEST(app::BackupTurn::take(pool, clock.now()).has_value());
  prune(last(1));
}

BOOST_AUTO_TEST_CASE(whoever_takes_the_turn_ends_runs_whose_program_has_died) {
  db::Transaction tx{pool};
  store::BackupRecords{tx}.start({"20260901T110000Z-killed", true, "gate", ""}, today_at("11:00"));
  tx.commit();
  { const app::BackupTurn turn{pool, clock.now()}; }
  db::Transaction look{pool};
  const auto newest = store::BackupLog{look}.runs(1).front();
  BOOST_TEST(newest.state == "interrupted");
  BOOST_TEST(*newest.ended_at == clock.now());
}

BOOST_AUTO_TEST_CASE(asked_by_cron_and_timer_and_daemon_one_backup_a_night_is_made) {
  int made = 0;
  const auto ask = [&] {
    return app::run_backup(pool, settings, clock, {.if_due = true}, [&] {
      ++made;
      // Whoever asks meanwhile leaves it to us.
      BOOST_TEST((app::run_backup(pool, settings, clock, {.if_due = true}, [&] { ++made; }) ==
                  app::BackupOutcome::somebody_else));
      db::Transaction tx{pool};
      add(tx, clock.now());
      tx.commit();
    });
  };
  BOOST_TEST((ask() == app::BackupOutcome::not_due));
  clock.set(today_at("03:00") + 24h);
  BOOST_TEST((ask() == app::BackupOutcome::made));
  BOOST_TEST((ask() == app::BackupOutcome::not_due));
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_CASE(nothing_is_due_in_a_database_that_was_restored_and_waits) {
  clock.set(today_at("03:00") + 24h);
  db::Transaction tx{pool};
  const app::Work work{tx, actor, clock.now(), settings, domain::Scope::everything()};
  BOOST_TEST(app::backup_is_due(work));
  tx.exec(
      "INSERT INTO installation (master_key_fingerprint, created_at) VALUES (decode('', 'hex'), $1) ON CONFLICT DO "
      "NOTHING",
      clock.now());
  store::BackupRecords{tx}.hold_back("a test", clock.now());
  BOOST_TEST(!app::backup_is_due(work));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_becomes_one_incident_in_both_languages_and_ends_by_itself) {
  clock.set(today_at("12:00") + 24h);
  const auto open = [&](const app::Work& work) {
    std::vector<domain::Incident> found;
    for (const auto& listed : store::Incidents{work.tx, domain::Scope::everything()}.list())
      if (listed.incident.dedupe_key == "backup/none" && domain::is_open(listed.incident.status))
        found.push_back(listed.incident);
    return found;
  };
  db::Transaction tx{pool};
  const auto work = [&] { return app::Work{tx, actor, clock.now(), settings, domain::Scope::everything()}; };
  app::watch_backups(work());
  const auto found = open(work());
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].type == domain::IncidentType::backup));
  BOOST_TEST(found[0].summary == "Backups: the newest good backup is 1 d 9 h old.");
  BOOST_TEST(domain::summary(found[0].type, found[0].details, domain::Language::russian) ==
             "Резервные копии: последней исправной резервной копии уже 1 д 9 ч.");
  clock.advance(1min);
  BOOST_TEST(app::watch_backups(work()) == 0);
  BOOST_TEST(open(work()).size() == 1U);
  add(tx, clock.now());
  app::watch_backups(work());
  BOOST_TEST(open(work()).empty());
}

BOOST_AUTO_TEST_CASE(incidents_of_backups_can_be_switched_off_as_those_of_rules) {
  clock.set(today_at("12:00") + 24h);
  settings.rules.off = {"backup"};
  db::Transaction tx{pool};
  const auto work = app::Work{tx, actor, clock.now(), settings, domain::Scope::everything()};
  BOOST_TEST(app::watch_backups(work) == 0);
  BOOST_CHECK_EXCEPTION(app::get_rule(work, domain::IncidentType::backup), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(incidents_of_backups_that_an_older_version_opened_get_their_type) {
  const auto url = TestDatabase::instance().make_empty_database("backups_older_incidents");
  const std::span<const db::Migration> all{db::embedded_migrations()};
  const auto typed = std::ranges::find(all, "backup_troubles", &db::Migration::what);
  BOOST_REQUIRE((typed != all.end()));
  db::Connection connection{{.conninfo = url}};
  db::Migrator{connection, all.first(static_cast<std::size_t>(typed - all.begin()))}.migrate();
  {
    db::Transaction tx{connection};
    for (const auto* key : {"other/backup:small", "other/door"})
      tx.exec(R"sql(INSERT INTO incident (type, severity, dedupe_key, summary, details, occurred_at, detected_at,
                                          last_seen_at)
                    VALUES ('other', 'medium', $1, 'x', '{"backup":"small"}', $2, $2, $2))sql",
              std::string{key}, clock.now());
    tx.commit();
  }
  db::Migrator{connection, all}.migrate();
  db::Transaction tx{connection, {.read_only = true}};
  const auto rows = tx.rows("SELECT type, dedupe_key, details ->> 'finding' AS finding FROM incident ORDER BY id");
  BOOST_REQUIRE(rows.size() == 2U);
  BOOST_TEST(rows[0].get<std::string>("type") == "backup");
  BOOST_TEST(rows[0].get<std::string>("dedupe_key") == "backup/small");
  BOOST_TEST(rows[0].get<std::string>("finding") == "small");
  BOOST_TEST(rows[1].get<std::string>("type") == "other");
}

BOOST_AUTO_TEST_CASE(health_says_that_no_backups_are_made_and_is_well_all_the_same) {
  const auto status_of = [&](const config::Settings& given) {
    const auto health = app::assess({clock.now(), app::look_at_house(pool, given, clock), app::DiskFacts{50, 100}, {}});
    return health.checks.back();
  };
  BOOST_TEST((status_of({}).status == app::CheckStatus::unknown));
  BOOST_TEST(status_of({}).name == "backup");
  BOOST_TEST((status_of(settings).status == app::CheckStatus::ok));
  clock.set(today_at("12:00") + 48h);
  BOOST_TEST((status_of(settings).status == app::CheckStatus::critical));
}

BOOST_AUTO_TEST_SUITE_END()
