#include "db/migrator.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "db/transaction.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using test::has_code;
using test::says;

namespace {

struct EmptyDatabase {
  db::ConnectionOptions options() {
    db::ConnectionOptions all;
    all.conninfo = conninfo;
    return all;
  }
  void apply(const std::vector<db::Migration>& list) { db::Migrator{connection, list}.migrate(); }
  bool has_table(const std::string& name) {
    db::Transaction tx{connection};
    return tx.row("SELECT to_regclass($1) IS NOT NULL AS there", name).get<bool>("there");
  }

  Secret conninfo = test::TestDatabase::instance().make_empty_database("migrator_test");
  db::Connection connection{options()};
  const std::vector<db::Migration> two{{1, "rooms", "CREATE TABLE room (id int); CREATE TABLE key (id int)"},
                                       {2, "names", "ALTER TABLE room ADD COLUMN name text"}};
  const std::vector<db::Migration> one{two[0]};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(migrations, EmptyDatabase)

BOOST_AUTO_TEST_CASE(an_empty_database_is_brought_forward_once) {
  db::Migrator migrator{connection, two};
  BOOST_TEST(migrator.status().current == 0);
  BOOST_TEST(migrator.status().pending.size() == 2U);
  BOOST_CHECK(migrator.migrate() == (std::vector<int>{1, 2}));
  BOOST_CHECK(migrator.migrate().empty());
  BOOST_TEST(migrator.status().current == 2);
  BOOST_TEST(migrator.status().pending.empty());
  BOOST_CHECK_NO_THROW(migrator.require_current());
}

BOOST_AUTO_TEST_CASE(looking_changes_nothing) {
  db::Migrator{connection, two}.status();
  BOOST_TEST(!has_table("schema_migration"));
}

BOOST_AUTO_TEST_CASE(what_was_applied_is_kept_with_when_and_by_whom) {
  apply(two);
  db::Transaction tx{connection};
  const auto row = tx.row(
      "SELECT version, what, length(checksum) AS digits, program, applied_at <= now() AS past "
      "FROM schema_migration WHERE version = 2");
  BOOST_TEST(row.get<std::string>("what") == "names");
  BOOST_TEST(row.get<int>("digits") == 64);
  BOOST_TEST(row.get<std::string>("program") == VISITOR_VERSION);
  BOOST_TEST(row.get<bool>("past"));
}

BOOST_AUTO_TEST_CASE(an_older_schema_is_refused_with_the_command_that_fixes_it) {
  apply(one);
  BOOST_CHECK_EXCEPTION(db::Migrator(connection, two).require_current(), Error, [](const Error& error) {
    return error.code() == Errc::conflict && error.message().find("version 1, older") != std::string::npos &&
           error.hint() == "Run 'visitorctl db migrate'.";
  });
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused_with_the_program_to_install) {
  apply(two);
  const auto names_program = [](const Error& error) {
    return error.code() == Errc::config && error.message().find("version 2, newer") != std::string::npos &&
           error.hint() == "Install visitor " VISITOR_VERSION " or newer.";
  };
  BOOST_CHECK_EXCEPTION(db::Migrator(connection, one).require_current(), Error, names_program);
  BOOST_CHECK_EXCEPTION(db::Migrator(connection, one).migrate(), Error, names_program);
}

BOOST_AUTO_TEST_CASE(an_edited_old_step_is_refused) {
  apply(two);
  auto edited = two;
  edited[0].sql += " ";
  db::Migrator migrator{connection, edited};
  BOOST_CHECK_EXCEPTION(migrator.status(), Error, says(Errc::integrity, "migration 1 ('rooms')"));
  BOOST_CHECK_EXCEPTION(migrator.migrate(), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(migrator.require_current(), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_leaves_nothing_of_itself_and_all_before_it) {
  const std::vector<db::Migration> bad{two[0], {2, "broken", "CREATE TABLE half (id int); SELECT nonsense"}};
  BOOST_CHECK_EXCEPTION(db::Migrator(connection, bad).migrate(), db::DatabaseError,
                        says(Errc::database, "migration 2 ('broken')"));
  BOOST_TEST(has_table("room"));
  BOOST_TEST(!has_table("half"));
  BOOST_TEST(db::Migrator(connection, bad).status().current == 1);
}

BOOST_AUTO_TEST_CASE(a_step_may_not_end_its_transaction) {
  const std::vector<db::Migration> bad{{1, "sly", "CREATE TABLE sly (id int); COMMIT"}};
  BOOST_CHECK_EXCEPTION(db::Migrator(connection, bad).migrate(), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_CASE(a_gap_in_the_list_is_refused) {
  const std::vector<db::Migration> gap{two[0], {3, "late", "SELECT 1"}};
  BOOST_CHECK_EXCEPTION(db::Migrator(connection, gap), Error, says(Errc::integrity, "migration 3"));
}

BOOST_AUTO_TEST_CASE(several_programs_at_once_apply_each_step_once) {
  std::vector<std::thread> threads;
  std::atomic<int> applied{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      db::Connection own{options()};
      applied += static_cast<int>(db::Migrator{own, two}.migrate().size());
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(applied == 2);
  BOOST_TEST(db::Migrator(connection, two).status().current == 2);
}

BOOST_AUTO_TEST_CASE(the_embedded_schema_is_in_place) {
  db::Connection main{test::TestDatabase::instance().pool().options().connection};
  db::Migrator migrator{main, db::embedded_migrations()};
  BOOST_CHECK_NO_THROW(migrator.require_current());
  BOOST_TEST(migrator.status().current >= 1);
}

BOOST_AUTO_TEST_SUITE_END()
