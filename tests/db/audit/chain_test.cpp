#include "chain.hpp"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/text.hpp"
#include "db/error.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using app::AuditTampering;
using std::chrono::hours;

namespace {

struct TenRows : AuditBench {
  TenRows() {
    migrate();
    act(10);
  }

  /// The one thing that a full look finds.
  app::AuditFinding finding() {
    const auto report = verify();
    BOOST_REQUIRE_MESSAGE(report.findings.size() == 1, "findings: " << report.findings.size());
    return report.findings.front();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit_chain, TenRows)

BOOST_AUTO_TEST_CASE(rows_get_links_in_their_order_and_say_who_came_from_where) {
  BOOST_TEST(app::link_audit(*pool) == 10);
  BOOST_TEST(app::link_audit(*pool) == 0);
  db::Transaction tx{*pool};
  const auto rows = store::JournalReader{tx}.audit();
  BOOST_REQUIRE(rows.size() == 10);
  BOOST_TEST(rows[0].position.value() == 10);
  BOOST_TEST(rows[0].entity == 10);
  BOOST_TEST(rows[0].previous_hash == rows[1].hash);
  BOOST_TEST(rows[9].previous_hash == std::string(64, '0'));
  BOOST_TEST(rows[0].origin.source == "test@here");
  BOOST_TEST(rows[0].origin.request == "r1");
}

BOOST_AUTO_TEST_CASE(a_chain_that_nobody_touched_is_whole) {
  checkpoint();
  act(3);
  const auto report = verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.rows == 13);
  BOOST_TEST(report.checkpoints == 1);
  BOOST_TEST(report.unreachable.empty());
}

BOOST_AUTO_TEST_CASE(an_edited_row_is_named) {
  checkpoint();
  tamper("UPDATE audit SET details = '{\"b\":2}' WHERE entity_id = 4");
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::edited));
  BOOST_TEST(found.position == 4);
  BOOST_TEST(found.row == 4);
}

BOOST_AUTO_TEST_CASE(every_field_of_a_row_counts) {
  checkpoint();
  for (const auto* change : {"at = at + interval '1 microsecond'", "account_id = NULL", "action = 'view'",
                             "topic = 'host'", "entity_id = 99", "source = 'elsewhere'", "request_id = 'r2'"}) {
    tamper("CREATE TABLE kept AS SELECT * FROM audit WHERE id = 6");
    tamper(fmt::format("UPDATE audit SET {} WHERE id = 6", change));
    BOOST_TEST_CONTEXT(change) {
      BOOST_TEST((finding().what == AuditTampering::edited));
    }
    tamper(
        "DELETE FROM audit WHERE id = 6; INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM kept; DROP TABLE "
        "kept");
    BOOST_TEST(verify().whole());
  }
}

BOOST_AUTO_TEST_CASE(an_edited_row_whose_own_link_was_made_to_fit_is_named_too) {
  app::link_audit(*pool);
  tamper("UPDATE audit SET entity_id = 99 WHERE id = 4");
  store::AuditHead before;
  domain::AuditRecord record;
  {
    db::Transaction tx{*pool};
    before = *store::AuditChain{tx}.at(3);
    record = *store::JournalReader{tx}.find_audit(4);
  }
  tamper(fmt::format("UPDATE audit_link SET hash = '\\x{}' WHERE position = 4",
                     to_hex(store::audit_hash(before, record))));
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::edited));
  BOOST_TEST(found.position == 4);
  BOOST_TEST(found.row == 4);
}

BOOST_AUTO_TEST_CASE(a_deleted_row_is_named_with_its_link_or_without) {
  app::link_audit(*pool);
  tamper("DELETE FROM audit WHERE id = 5");
  auto found = finding();
  BOOST_TEST((found.what == AuditTampering::deleted));
  BOOST_TEST(found.row == 5);
  tamper("DELETE FROM audit_link WHERE audit_id = 5");
  found = finding();
  BOOST_TEST((found.what == AuditTampering::deleted));
  BOOST_TEST(found.position == 5);
}

BOOST_AUTO_TEST_CASE(a_row_that_went_before_it_had_a_link_is_missed) {
  tamper("DELETE FROM audit WHERE id = 7");
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::deleted));
  BOOST_TEST(found.row == 7);
}

BOOST_AUTO_TEST_CASE(a_row_that_came_in_past_the_chain_is_named) {
  app::link_audit(*pool);
  tamper("INSERT INTO audit (at, action, topic, entity_id) VALUES (now(), 'view', 'guest', 1)");
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::inserted));
  BOOST_TEST(found.row == 11);
}

BOOST_AUTO_TEST_CASE(newest_rows_that_were_cut_off_with_their_links_are_missed_by_a_checkpoint) {
  checkpoint();
  tamper("DELETE FROM audit WHERE id > 7; DELETE FROM audit_link WHERE audit_id > 7");
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::truncated));
  BOOST_TEST(found.position == 8);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_elsewhere_misses_them_also_where_those_of_the_database_went_too) {
  checkpoint();
  BOOST_TEST(app::send_checkpoints(desk()) == 1);
  BOOST_TEST(app::send_checkpoints(desk()) == 0);
  tamper(
      "DELETE FROM audit WHERE id > 7; DELETE FROM audit_link WHERE audit_id > 7; DELETE FROM audit_checkpoint;"
      "DELETE FROM audit_verified");
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::truncated));
  BOOST_TEST(found.text.find(place()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_chain_that_was_made_anew_is_betrayed_by_the_next_checkpoint) {
  app::link_audit(*pool);
  tamper("UPDATE audit SET entity_id = 99 WHERE id = 4");
  rewrite(4);
  BOOST_TEST(verify().whole());  // nothing was signed yet

  act(2);
  checkpoint();
  BOOST_TEST(verify().whole());
  tamper("UPDATE audit SET entity_id = 98 WHERE id = 9");
  rewrite(9);
  const auto found = finding();
  BOOST_TEST((found.what == AuditTampering::rewritten));
  BOOST_TEST(found.position <= 9);
  BOOST_TEST(found.text.find("and 12") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_signed_by_somebody_else_is_not_believed) {
  checkpoint();
  const Vault other{Secret{std::string_view{"another key of thirty-two bytes!"}}};
  const archive::SigningKey stranger{Secret{std::string_view{"some other seed of 32 bytes long"}}};
  const auto forged = app::write_audit_document(
      {app::AuditPaper::checkpoint, "", {10, {}}, clock.now(), stranger.public_text()}, stranger);
  tamper(fmt::format("UPDATE audit_checkpoint SET document = '{}'", forged));
  BOOST_TEST((finding().what == AuditTampering::rewritten));
  // Nor does it help to put the key in: it is not sealed with the master key.
  tamper(fmt::format("INSERT INTO audit_key (public_key, sealed, created_at) VALUES ('{}', '\\x{}', now())",
                     stranger.public_text(),
                     to_hex(other.seal("audit.key", Secret{std::string_view{"some other seed of 32 bytes long"}}))));
  BOOST_TEST((finding().what == AuditTampering::rewritten));
}

BOOST_AUTO_TEST_CASE(a_second_look_reads_only_what_came_since_and_a_full_one_finds_the_rest) {
  BOOST_TEST(verify().rows == 10);
  act(2);
  auto report = verify(false);
  BOOST_TEST(report.whole());
  BOOST_TEST(!report.full);
  BOOST_TEST(report.from == 10);
  BOOST_TEST(report.rows == 2);
  tamper("UPDATE audit SET entity_id = 99 WHERE id = 3");
  BOOST_TEST(verify(false).whole());
  BOOST_TEST((finding().what == AuditTampering::edited));
}

BOOST_AUTO_TEST_CASE(a_mark_that_somebody_else_set_is_not_begun_from) {
  verify();
  tamper("UPDATE audit SET entity_id = 99 WHERE id = 3; UPDATE audit_verified SET proof = '\\x00'");
  const auto report = verify(false);
  BOOST_TEST(report.full);
  BOOST_TEST(report.wrong == 1);
}

BOOST_AUTO_TEST_CASE(the_database_refuses_to_change_what_is_written) {
  checkpoint();
  for (const auto* sql :
       {"UPDATE audit SET entity_id = 1", "DELETE FROM audit", "TRUNCATE audit", "UPDATE audit_link SET audit_id = 1",
        "DELETE FROM audit_link", "TRUNCATE audit_link", "UPDATE audit_checkpoint SET at = now()",
        "DELETE FROM audit_checkpoint", "TRUNCATE audit_checkpoint"}) {
    db::Transaction tx{*pool};
    BOOST_TEST_CONTEXT(sql) {
      BOOST_CHECK_THROW(tx.exec(sql), db::DatabaseError);
    }
  }
  BOOST_TEST(verify().whole());
}

BOOST_AUTO_TEST_CASE(what_was_rolled_back_has_no_link) {
  {
    db::Transaction tx{*pool};
    store::Journal journal{tx, actor.account, clock.now()};
    journal.audit(domain::AuditAction::view, store::topic::kGuest, GuestId{1});
    BOOST_CHECK_THROW(tx.savepoint([&] {
      journal.audit(domain::AuditAction::view, store::topic::kGuest, GuestId{2});
      throw Error(Errc::failed, "no");
    }),
                      Error);
    tx.commit();
  }
  {
    db::Transaction tx{*pool};
    store::Journal{tx, actor.account, clock.now()}.audit(domain::AuditAction::view, store::topic::kGuest, GuestId{3});
  }
  const auto report = verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.rows == 11);
}

BOOST_AUTO_TEST_CASE(many_writers_and_linkers_at_once_make_one_whole_chain) {
  constexpr int kWriters = 8, kRows = 200;
  std::atomic<int> writing = kWriters;
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < kWriters; ++writer)
    threads.emplace_back([&] {
      act(kRows);
      --writing;
    });
  for (int linker = 0; linker < 2; ++linker)
    threads.emplace_back([&] {
      while (writing > 0) {
        app::link_audit(*pool);
        std::this_thread::yield();
      }
    });
  threads.clear();
  const auto report = verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.rows == 10 + kWriters * kRows);
}

BOOST_AUTO_TEST_CASE(retention_cuts_at_a_checkpoint_and_what_is_left_verifies) {
  checkpoint();
  app::send_checkpoints(desk());
  clock.advance(hours{24 * 20});
  act(5);
  checkpoint();
  settings.audit.keep_days = 30;
  BOOST_TEST(app::apply_audit_retention(desk()) == 0);  // not yet that old
  clock.advance(hours{24 * 15});
  BOOST_TEST(app::apply_audit_retention(desk()) == 10);
  auto report = verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.from == 10);
  BOOST_TEST(report.rows == 6);  // five, and that of the cut itself
  {
    db::Transaction tx{*pool};
    app::AuditFilter filter;
    filter.topic = app::kAuditTopic;
    const auto rows = store::JournalReader{tx}.audit(filter);
    BOOST_REQUIRE(rows.size() == 1);
    BOOST_TEST((rows[0].action == domain::AuditAction::remove));
    BOOST_TEST(rows[0].entity == 10);
  }
  BOOST_TEST(app::apply_audit_retention(desk()) == 0);
  // A cut that nobody signed is none.
  tamper("UPDATE audit_cut SET document = '{}'");
  BOOST_TEST(!verify().whole());
}

BOOST_AUTO_TEST_CASE(retention_waits_for_the_checkpoint_to_have_left) {
  checkpoint();
  settings.audit.keep_days = 1;
  clock.advance(hours{24 * 15});
  BOOST_TEST(app::apply_audit_retention(desk()) == 0);
  settings.audit.checkpoint_to.clear();
  BOOST_TEST(app::apply_audit_retention(desk()) == 10);
  act(1);
  BOOST_TEST(verify().rows == 2);
}

BOOST_AUTO_TEST_CASE(checkpoints_are_made_when_due_and_where_there_is_something_new) {
  BOOST_TEST(app::make_checkpoint_if_due(desk()).has_value());
  act(1);
  BOOST_TEST(!app::make_checkpoint_if_due(desk()).has_value());
  clock.advance(std::chrono::minutes{15});
  BOOST_TEST(app::make_checkpoint_if_due(desk()).value().head.position == 11);
  clock.advance(std::chrono::minutes{15});
  BOOST_TEST(!app::make_checkpoint_if_due(desk()).has_value());
}

BOOST_AUTO_TEST_CASE(a_place_that_is_away_does_not_keep_others_waiting_and_is_said) {
  settings.audit.checkpoint_to.insert(settings.audit.checkpoint_to.begin(), "file:///nowhere/at/all");
  checkpoint();
  BOOST_CHECK_EXCEPTION(app::send_checkpoints(desk()), Error, says(Errc::failed, "file:///nowhere/at/all"));
  std::size_t there = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder.path})
    there += entry.path().filename() == "checkpoint-000000000010-20260901T081500Z.json" ? 1 : 0;
  BOOST_TEST(there == 1U);
  const auto report = verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.unreachable.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_on_record) {
  app::record_refusal(*pool, actor, clock.now(), store::topic::kVisit, 42, "visit.cancel");
  db::Transaction tx{*pool};
  app::AuditFilter filter;
  filter.actions = {domain::AuditAction::refused};
  filter.login = "RECEPTION";
  const auto rows = store::JournalReader{tx}.audit(filter);
  BOOST_REQUIRE(rows.size() == 1);
  BOOST_TEST(rows[0].details == R"({"permission": "visit.cancel"})");
  filter.login = "somebody else";
  BOOST_TEST(store::JournalReader{tx}.audit(filter).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(an_ordinary_owner_of_the_tables_has_no_right_to_change_the_audit_and_all_else_works) {
  {
    db::Connection server{TestDatabase::instance().pool().options().connection};
    server.script(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'audit_owner') THEN CREATE ROLE audit_owner; "
        "END IF; END $$");
  }
  AuditBench bench{" options='-c role=audit_owner'"};
  {
    auto as_superuser = TestDatabase::instance().pool().options().connection;
    as_superuser.conninfo = TestDatabase::instance().cluster().conninfo("audit_bench");
    db::Connection connection{as_superuser};
    connection.script("ALTER DATABASE audit_bench OWNER TO audit_owner; GRANT ALL ON SCHEMA public TO audit_owner");
  }
  bench.migrate();
  bench.act(4);
  bench.checkpoint();
  for (const auto* sql : {"UPDATE audit SET entity_id = 1", "DELETE FROM audit", "TRUNCATE audit",
                          "DELETE FROM audit_link", "UPDATE audit_checkpoint SET at = now()"}) {
    db::Transaction tx{*bench.pool};
    BOOST_TEST_CONTEXT(sql) {
      BOOST_CHECK_EXCEPTION(tx.exec(sql), db::DatabaseError,
                            [](const db::DatabaseError& error) { return error.sqlstate() == "42501"; });
    }
  }
  bench.settings.audit = {{}, std::chrono::minutes{15}, 1};
  bench.clock.advance(hours{48});
  BOOST_TEST(app::apply_audit_retention(bench.desk()) == 4);
  BOOST_TEST(bench.verify().whole());
  db::Transaction tx{*bench.pool};
  BOOST_CHECK_THROW(tx.exec("DELETE FROM audit"), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(rows_from_before_there_was_a_chain_get_their_links_in_their_order) {
  AuditBench bench;
  {
    const std::span<const db::Migration> all{db::embedded_migrations()};
    const auto chain = std::ranges::find(all, "audit_chain", &db::Migration::what);
    BOOST_REQUIRE((chain != all.end()));
    db::Connection connection{bench.options.connection};
    db::Migrator{connection, all.first(static_cast<std::size_t>(chain - all.begin()))}.migrate();
    connection.script(
        "INSERT INTO audit (at, action, topic, entity_id) "
        "SELECT timestamptz '2026-08-01 12:00:00Z', 'view', 'guest', n FROM generate_series(1, 5000) AS n");
  }
  bench.migrate();
  bench.act(1);
  const auto report = bench.verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.rows == 5001);
  db::Transaction tx{*bench.pool};
  for (const int row : {1, 4096, 5000, 5001}) BOOST_TEST(store::AuditChain{tx}.row_at(row) == row);
}

BOOST_AUTO_TEST_CASE(an_act_waits_neither_for_who_links_nor_for_another_act) {
  AuditBench bench;
  bench.migrate();
  db::Transaction linking{*bench.pool};
  store::AuditChain{linking}.take_turn();
  db::Transaction slow{*bench.pool};
  store::Journal{slow, bench.actor.account, bench.clock.now()}.audit(domain::AuditAction::view, store::topic::kGuest,
                                                                     GuestId{1});
  slow.exec("SELECT 1");  // so that the row is written
  bench.act(3);
  linking.commit();
  BOOST_TEST(bench.verify().rows == 3);
  slow.commit();
  const auto report = bench.verify();
  BOOST_TEST(report.whole());
  BOOST_TEST(report.rows == 4);
}
