#include "store/journal.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <thread>

#include "db/error.hpp"
#include "db/listener.hpp"
#include "store/jobs.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::AuditAction;
using std::chrono::seconds;

BOOST_FIXTURE_TEST_CASE(audit_rows_are_there_at_once_newest_first, RolledBack) {
  const auto house = House::build(tx);
  store::Journal journal{tx, house.account, today_at("08:00")};
  journal.audit(AuditAction::create, store::topic::kVisit, VisitId{42}, R"({"guest": 7})");
  const std::vector<store::Journal::Entry> two{{AuditAction::update, store::topic::kVisit, 42, R"({"step": 1})"},
                                               {AuditAction::remove, store::topic::kVisit, 42, "{}"}};
  journal.audit(two);
  store::Journal{tx, AccountId{}, today_at("09:00")}.audit(AuditAction::view, store::topic::kHost, HostId{42});

  store::AuditFilter filter;
  filter.topic = store::topic::kVisit;
  filter.entity = 42;
  store::JournalReader reader{tx};
  const auto rows = reader.audit(filter);
  BOOST_REQUIRE(rows.size() == 3);
  BOOST_TEST((rows[0].action == AuditAction::remove));
  BOOST_TEST(rows[1].details == R"({"step": 1})");
  BOOST_TEST(rows[2].login == "tester");
  BOOST_TEST(rows[2].at == today_at("08:00"));

  filter.actions = {AuditAction::create};
  BOOST_TEST(reader.audit(filter).size() == 1);
  filter.actions.clear();
  filter.before_id = rows[1].id;
  BOOST_TEST(reader.audit(filter).size() == 1);
  store::AuditFilter nobody;
  nobody.topic = store::topic::kHost;
  nobody.entity = 42;
  nobody.since = today_at("09:00");
  BOOST_REQUIRE(reader.audit(nobody).size() == 1);
  BOOST_TEST(!reader.audit(nobody)[0].account);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE audit SET details = '{}'"); }), db::DatabaseError);
}

BOOST_FIXTURE_TEST_CASE(changes_are_written_by_the_commit_with_the_highest_version_of_each_thing, Database) {
  ChangeId before;
  {
    db::Transaction tx{pool};
    before = store::JournalReader{tx}.cursor();
    store::Journal one{tx, AccountId{}, today_at("08:00")};
    store::Journal other{tx, AccountId{}, today_at("08:00")};
    store::Journal unused{tx, AccountId{}, today_at("08:00")};
    one.change(store::topic::kVisit, VisitId{1}, 3);
    one.change(store::topic::kVisit, VisitId{1}, 2);
    one.change(store::topic::kGuest, GuestId{1}, 1);
    other.change(store::topic::kVisit, VisitId{2}, 1);
    BOOST_TEST(store::JournalReader{tx}.cursor().value == before.value);
    tx.commit();
  }
  db::Transaction tx{pool};
  store::JournalReader reader{tx};
  const auto changes = reader.changes(before);
  BOOST_REQUIRE(changes.size() == 3);
  for (const auto& change : changes)
    if (change.topic == store::topic::kVisit && change.entity == 1) BOOST_TEST(change.version == 3);
  BOOST_TEST(changes[2].entity == 2);
  BOOST_TEST(reader.cursor().value == changes[2].id.value);
  BOOST_TEST(reader.changes(before, 2).size() == 2);
  BOOST_TEST(reader.changes(changes[2].id).empty());
}

BOOST_FIXTURE_TEST_CASE(without_a_commit_nothing_has_changed, Database) {
  db::Transaction reader{pool};
  const auto before = store::JournalReader{reader}.cursor();
  {
    db::Transaction tx{pool};
    store::Journal{tx, AccountId{}, today_at("08:00")}.change(store::topic::kVisit, VisitId{1}, 1);
  }
  BOOST_TEST(store::JournalReader{reader}.cursor().value == before.value);
}

BOOST_FIXTURE_TEST_CASE(a_commit_wakes_whoever_listens_once, Database) {
  db::Listener listener{pool.options().connection, {std::string{store::kChangeChannel}}};
  while (!listener.wait(std::chrono::milliseconds{100}).connected) continue;
  {
    db::Transaction tx{pool};
    store::Journal journal{tx, AccountId{}, today_at("08:00")};
    for (int i = 1; i <= 5; ++i) journal.change(store::topic::kVisit, VisitId{i}, 1);
    tx.commit();
  }
  const auto heard = listener.wait(std::chrono::milliseconds{5000});
  BOOST_REQUIRE(heard.notifications.size() == 1);
  db::Transaction tx{pool};
  BOOST_TEST(heard.notifications[0].payload == std::to_string(store::JournalReader{tx}.cursor().value));
}

// Whoever has read up to a change never misses one that is committed later: a reader that follows the feed while many
// write sees every row, although it only ever asks for ids above the last one.
BOOST_FIXTURE_TEST_CASE(a_reader_that_follows_the_feed_misses_nothing_while_many_write, Database) {
  constexpr int kWriters = 4, kEach = 50;
  ChangeId cursor;
  {
    db::Transaction tx{pool};
    cursor = store::JournalReader{tx}.cursor();
  }
  std::atomic<int> running{kWriters};
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([this, &running, writer] {
      for (int i = 0; i < kEach; ++i) {
        db::Transaction tx{pool};
        store::Journal journal{tx, AccountId{}, today_at("08:00")};
        const int rows = i % 7 + 1;
        for (int row = 0; row < rows; ++row)
          journal.change(store::topic::kGuest, GuestId{(writer * kEach + i) * 10LL + row + 1}, 1);
        tx.exec("SELECT pg_sleep($1)", static_cast<double>((writer + i) % 3) / 1000);
        tx.commit();
      }
      --running;
    });

  int expected = 0;
  for (int i = 0; i < kEach; ++i) expected += kWriters * (i % 7 + 1);
  int seen = 0;
  bool last_look = false;
  while (true) {
    last_look = running == 0;
    db::Transaction tx{pool};
    for (const auto& change : store::JournalReader{tx}.changes(cursor)) {
      cursor = change.id;
      ++seen;
    }
    if (last_look) break;
  }
  BOOST_TEST(seen == expected);
}

BOOST_FIXTURE_TEST_CASE(a_due_job_runs_once_per_period, RolledBack) {
  store::Jobs jobs{tx};
  BOOST_TEST(jobs.claim("sweep", "a", today_at("08:00"), seconds{60}));
  BOOST_TEST(!jobs.claim("sweep", "b", today_at("08:00:59"), seconds{60}));
  BOOST_TEST(jobs.finish("sweep", "a", today_at("08:00:05"), true, "swept 3"));
  BOOST_TEST(jobs.claim("sweep", "b", today_at("08:01"), seconds{60}));
  BOOST_TEST(!jobs.finish("sweep", "a", today_at("08:01:05"), false, "too late"));

  const auto runs = jobs.list();
  BOOST_REQUIRE(runs.size() == 1);
  BOOST_TEST(runs[0].holder == "b");
  BOOST_TEST(runs[0].started_at == today_at("08:01"));
  BOOST_TEST(*runs[0].ended_at == today_at("08:00:05"));
  BOOST_TEST(*runs[0].ok);
  BOOST_TEST(runs[0].message == "swept 3");
  BOOST_TEST(runs[0].next_run_at == today_at("08:02"));
}

BOOST_FIXTURE_TEST_CASE(of_many_daemons_one_runs_a_due_job, Database) {
  const auto job = "job-" + std::to_string(unique_number());
  std::atomic<int> winners{0};
  {
    std::vector<std::jthread> daemons;
    for (int i = 0; i < 4; ++i)
      daemons.emplace_back([&, i] {
        db::Transaction tx{pool};
        winners += store::Jobs{tx}.claim(job, "daemon " + std::to_string(i), today_at("08:00"), seconds{60});
        tx.commit();
      });
  }
  BOOST_TEST(winners == 1);
}
