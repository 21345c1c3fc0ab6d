#include <boost/test/unit_test.hpp>
#include <stop_token>
#include <thread>

#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using test::has_code;

namespace {

struct Notebook : test::Database {
  Notebook() {
    db::Transaction tx{pool};
    tx.script("CREATE TABLE notebook (id int PRIMARY KEY, line text NOT NULL)");
    tx.commit();
  }
  ~Notebook() {
    db::Transaction tx{pool};
    tx.script("DROP TABLE notebook");
    tx.commit();
  }
  static db::Later write(db::Transaction& tx, int id) {
    return tx.later("INSERT INTO notebook VALUES ($1, 'x') RETURNING id", id);
  }
  static std::int64_t count(db::Transaction& tx) {
    return tx.row("SELECT count(*) AS n FROM notebook").get<std::int64_t>("n");
  }
  std::int64_t kept() {
    db::Transaction tx{pool};
    return count(tx);
  }
};

auto has_sqlstate(const char* state) {
  return [state](const db::DatabaseError& error) { return error.sqlstate() == state; };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(statements_put_off, Notebook)

BOOST_AUTO_TEST_CASE(they_run_before_the_next_statement_and_are_seen_by_it) {
  db::Transaction tx{pool};
  auto first = write(tx, 1);
  auto second = write(tx, 2);
  BOOST_TEST(count(tx) == 2);
  BOOST_TEST(first.rows()[0].get<int>("id") == 1);
  BOOST_TEST(second.rows()[0].get<int>("id") == 2);
  BOOST_TEST(second.affected() == 1);
}

BOOST_AUTO_TEST_CASE(asking_for_a_result_makes_the_trip) {
  db::Transaction tx{pool};
  auto first = write(tx, 1);
  BOOST_TEST(first.affected() == 1);
  BOOST_TEST(count(tx) == 1);
}

BOOST_AUTO_TEST_CASE(they_go_with_the_commit) {
  {
    db::Transaction tx{pool};
    write(tx, 1);
    write(tx, 2);
    tx.commit();
    BOOST_TEST(tx.committed());
  }
  BOOST_TEST(kept() == 2);
}

BOOST_AUTO_TEST_CASE(without_a_commit_they_were_never_there) {
  {
    db::Transaction tx{pool};
    write(tx, 1);
  }
  BOOST_TEST(kept() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_fails_with_the_commit_leaves_nothing_and_says_why) {
  {
    db::Transaction tx{pool};
    write(tx, 1);
    write(tx, 1);
    write(tx, 2);
    BOOST_CHECK_EXCEPTION(tx.commit(), db::DatabaseError, has_sqlstate("23505"));
    BOOST_TEST(!tx.committed());
  }
  BOOST_TEST(kept() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_fails_with_another_statement_is_what_that_one_throws) {
  db::Transaction tx{pool};
  write(tx, 1);
  write(tx, 1);
  BOOST_CHECK_EXCEPTION(count(tx), db::DatabaseError, has_sqlstate("23505"));
  BOOST_CHECK_EXCEPTION(tx.commit(), db::DatabaseError, has_sqlstate("25P02"));
}

BOOST_AUTO_TEST_CASE(the_connection_is_whole_after_a_trip_that_failed) {
  db::Connection connection{pool.options().connection};
  {
    db::Transaction tx{connection};
    write(tx, 1);
    write(tx, 1);
    BOOST_CHECK_THROW(count(tx), db::DatabaseError);
  }
  db::Transaction tx{connection};
  write(tx, 1);
  BOOST_TEST(count(tx) == 1);
}

BOOST_AUTO_TEST_CASE(those_of_an_undone_savepoint_do_not_run_and_those_before_it_do) {
  db::Transaction tx{pool};
  write(tx, 1);
  BOOST_CHECK_THROW(tx.savepoint([&] {
    write(tx, 2);
    throw Error(Errc::conflict, "changed my mind");
  }),
                    Error);
  write(tx, 3);
  BOOST_TEST(count(tx) == 2);
}

BOOST_AUTO_TEST_CASE(more_of_them_than_one_trip_holds_all_run) {
  db::Transaction tx{pool};
  auto first = write(tx, 0);
  for (int i = 1; i < 200; ++i) write(tx, i);
  BOOST_TEST(count(tx) == 200);
  BOOST_TEST(first.rows()[0].get<int>("id") == 0);
}

BOOST_AUTO_TEST_CASE(a_result_can_be_had_after_the_commit_but_not_of_what_never_ran) {
  db::Connection connection{pool.options().connection};
  std::optional<db::Later> never_ran;
  {
    db::Transaction tx{connection};
    never_ran = write(tx, 1);
  }
  BOOST_CHECK_EXCEPTION(never_ran->rows(), Error, has_code(Errc::failed));
  db::Transaction tx{connection};
  auto ran = write(tx, 2);
  tx.commit();
  BOOST_TEST(ran.rows()[0].get<int>("id") == 2);
  BOOST_CHECK_EXCEPTION(write(tx, 3), Error, has_code(Errc::failed));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_one_that_waits_in_the_trip_with_the_commit) {
  db::Transaction holder{pool};
  holder.exec("LOCK TABLE notebook");
  {
    std::stop_source stop;
    db::TransactionOptions options;
    options.stop = stop.get_token();
    db::Transaction tx{pool, options};
    tx.exec("SELECT 1");
    write(tx, 1);
    std::jthread stopper{[&stop] {
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
      stop.request_stop();
    }};
    BOOST_CHECK_EXCEPTION(tx.commit(), Error, has_code(Errc::interrupted));
  }
  holder.commit();
  BOOST_TEST(kept() == 0);
}

BOOST_AUTO_TEST_CASE(one_whose_table_has_changed_is_prepared_anew) {
  db::Connection connection{pool.options().connection};
  const auto look = [&] {
    db::Transaction tx{connection};
    auto lines = tx.later("SELECT * FROM notebook");
    return lines.rows().size();
  };
  BOOST_TEST(look() == 0U);
  {
    db::Transaction tx{pool};
    tx.script("ALTER TABLE notebook ADD COLUMN page int");
    tx.commit();
  }
  BOOST_CHECK_EXCEPTION(look(), db::DatabaseError, has_sqlstate("0A000"));
  BOOST_TEST(look() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
