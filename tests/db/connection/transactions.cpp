#include <boost/test/unit_test.hpp>
#include <functional>
#include <thread>

#include "db/single_select.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using test::has_code;
using test::says;

namespace {

struct Ledger : test::Database {
  Ledger() {
    db::Transaction tx{pool};
    tx.script("CREATE TABLE ledger (id int PRIMARY KEY, amount int NOT NULL CHECK (amount >= 0))");
    tx.commit();
  }
  ~Ledger() {
    db::Transaction tx{pool};
    tx.script("DROP TABLE ledger");
    tx.commit();
  }
  void add(db::Transaction& tx, int id) { tx.exec("INSERT INTO ledger VALUES ($1, 0)", id); }
  std::vector<int> ids() {
    db::Transaction tx{pool};
    std::vector<int> all;
    for (const auto& row : tx.rows("SELECT id FROM ledger ORDER BY id")) all.push_back(row.get<int>("id"));
    return all;
  }
};

auto has_sqlstate(const char* state) {
  return [state](const db::DatabaseError& error) { return error.sqlstate() == state; };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(transactions, Ledger)

BOOST_AUTO_TEST_CASE(only_a_commit_keeps_anything) {
  {
    db::Transaction tx{pool};
    add(tx, 1);
  }
  {
    db::Transaction tx{pool};
    add(tx, 2);
    tx.commit();
    BOOST_TEST(tx.committed());
  }
  BOOST_TEST((ids() == std::vector<int>{2}));
}

BOOST_AUTO_TEST_CASE(nothing_runs_after_the_end) {
  db::Transaction tx{pool};
  tx.commit();
  BOOST_CHECK_EXCEPTION(tx.exec("SELECT 1"), Error, has_code(Errc::failed));
  BOOST_CHECK_EXCEPTION(tx.commit(), Error, has_code(Errc::failed));
}

BOOST_AUTO_TEST_CASE(a_single_select_needs_no_begin_and_leaves_the_connection_free) {
  auto options = test::TestDatabase::instance().pool().options();
  options.size = 1;
  db::Pool one{options};
  for (int i = 0; i < 3; ++i) {
    db::SingleSelect select{one};
    const auto row =
        select.transaction().row("\n  SELECT $1 + 1 AS next, pg_current_xact_id_if_assigned() IS NULL AS reads", i);
    BOOST_TEST(row.get<int>("next") == i + 1);
    BOOST_TEST(row.get<bool>("reads"));
    BOOST_TEST(select.transaction().connection().idle());  // the server has no transaction open
  }
  db::Transaction tx{one};
  add(tx, 1);
  tx.commit();
  BOOST_TEST(one.stats().opened == 1U);
  BOOST_TEST((ids() == std::vector<int>{1}));
}

BOOST_AUTO_TEST_CASE(a_single_select_is_one_and_a_select) {
  const auto refused = [&](const std::function<void(db::Transaction&)>& use) {
    db::SingleSelect select{pool};
    BOOST_CHECK_EXCEPTION(use(select.transaction()), Error, has_code(Errc::failed));
  };
  refused([&](db::Transaction& tx) { add(tx, 1); });
  refused([](db::Transaction& tx) { tx.exec("WITH gone AS (DELETE FROM ledger RETURNING id) SELECT id FROM gone"); });
  refused([](db::Transaction& tx) {
    tx.rows("SELECT 1");
    tx.rows("SELECT 1");
  });
  refused([](db::Transaction& tx) { tx.later("SELECT 1"); });
  refused([](db::Transaction& tx) { tx.script("SELECT 1"); });
  refused([](db::Transaction& tx) { tx.savepoint([] {}); });
  refused([](db::Transaction& tx) { tx.for_each("SELECT 1", [](const db::Row&) {}); });
  refused([](db::Transaction& tx) { tx.commit(); });
  BOOST_TEST(ids().empty());
}

BOOST_AUTO_TEST_CASE(a_single_select_that_fails_leaves_the_connection_whole) {
  auto options = test::TestDatabase::instance().pool().options();
  options.size = 1;
  db::Pool one{options};
  {
    db::SingleSelect select{one};
    BOOST_CHECK_EXCEPTION(select.transaction().rows("SELECT 1 / $1", 0), db::DatabaseError, has_sqlstate("22012"));
  }
  db::SingleSelect select{one};
  BOOST_TEST(select.transaction().row("SELECT 1 AS one").get<int>("one") == 1);
  BOOST_TEST(one.stats().opened == 1U);
}

BOOST_AUTO_TEST_CASE(committing_after_a_failed_statement_is_an_error) {
  db::Transaction tx{pool};
  add(tx, 1);
  BOOST_CHECK_THROW(tx.exec("SELECT 1/0"), db::DatabaseError);
  BOOST_CHECK_EXCEPTION(tx.commit(), db::DatabaseError, has_sqlstate("25P02"));
  BOOST_TEST(!tx.committed());
  BOOST_TEST(ids().empty());
}

BOOST_AUTO_TEST_CASE(a_savepoint_undoes_only_its_own_work) {
  db::Transaction tx{pool};
  add(tx, 1);
  BOOST_CHECK_THROW(tx.savepoint([&] {
    add(tx, 2);
    add(tx, 1);
  }),
                    db::DatabaseError);
  const int third = tx.savepoint([&] {
    add(tx, 3);
    return 3;
  });
  tx.commit();
  BOOST_TEST(third == 3);
  BOOST_TEST((ids() == std::vector<int>{1, 3}));
}

BOOST_AUTO_TEST_CASE(hooks_run_in_order_before_the_commit) {
  std::string order;
  db::Transaction tx{pool};
  tx.before_commit([&](db::Transaction& inner) {
    order += 'a';
    add(inner, 1);
    inner.before_commit([&](db::Transaction& last) {
      order += 'c';
      add(last, 2);
    });
  });
  tx.before_commit([&](db::Transaction&) { order += 'b'; });
  BOOST_TEST(order == "");
  tx.commit();
  BOOST_TEST(order == "abc");
  BOOST_TEST((ids() == std::vector<int>{1, 2}));
}

BOOST_AUTO_TEST_CASE(a_hook_that_fails_leaves_nothing_committed) {
  db::Transaction tx{pool};
  add(tx, 1);
  tx.before_commit([](db::Transaction&) { throw Error(Errc::conflict, "not now"); });
  BOOST_CHECK_EXCEPTION(tx.commit(), Error, says(Errc::conflict, "not now"));
  BOOST_TEST(ids().empty());
}

BOOST_AUTO_TEST_CASE(hooks_of_an_undone_savepoint_do_not_run) {
  db::Transaction tx{pool};
  BOOST_CHECK_THROW(tx.savepoint([&] {
    tx.before_commit([&](db::Transaction& inner) { add(inner, 1); });
    tx.exec("SELECT 1/0");
  }),
                    db::DatabaseError);
  tx.commit();
  BOOST_TEST(ids().empty());
}

BOOST_AUTO_TEST_CASE(a_read_only_transaction_refuses_to_write) {
  db::Transaction tx{pool, {.isolation = db::Isolation::repeatable_read, .read_only = true}};
  BOOST_CHECK_EXCEPTION(add(tx, 1), db::DatabaseError, has_sqlstate("25006"));
}

BOOST_AUTO_TEST_CASE(repeatable_read_sees_one_moment) {
  db::Transaction reader{pool, {.isolation = db::Isolation::repeatable_read}};
  BOOST_TEST(reader.rows("SELECT id FROM ledger").empty());
  {
    db::Transaction writer{pool};
    add(writer, 1);
    writer.commit();
  }
  BOOST_TEST(reader.rows("SELECT id FROM ledger").empty());
}

BOOST_AUTO_TEST_CASE(a_serialization_failure_runs_the_work_again) {
  {
    db::Transaction tx{pool};
    add(tx, 1);
    tx.commit();
  }
  int runs = 0;
  const int result = db::with_retry(
      pool, 3,
      [&](db::Transaction& tx) {
        tx.row("SELECT amount FROM ledger WHERE id = 1");
        if (++runs == 1) {
          db::Transaction rival{pool};
          rival.exec("UPDATE ledger SET amount = amount + 10 WHERE id = 1");
          rival.commit();
        }
        return tx.row("UPDATE ledger SET amount = amount + 1 WHERE id = 1 RETURNING amount").get<int>("amount");
      },
      {.isolation = db::Isolation::repeatable_read});
  BOOST_TEST(runs == 2);
  BOOST_TEST(result == 11);
}

BOOST_AUTO_TEST_CASE(retries_end) {
  int runs = 0;
  BOOST_CHECK_EXCEPTION(
      db::with_retry(pool, 3,
                     [&](db::Transaction& tx) {
                       ++runs;
                       tx.script("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
                     }),
      db::DatabaseError, has_sqlstate("40001"));
  BOOST_TEST(runs == 3);
}

BOOST_AUTO_TEST_CASE(two_that_wait_for_each_other_both_get_through) {
  {
    db::Transaction tx{pool};
    add(tx, 1);
    add(tx, 2);
    tx.commit();
  }
  const auto swap = [&](int first, int second) {
    db::with_retry(pool, 5, [&](db::Transaction& tx) {
      tx.exec("UPDATE ledger SET amount = amount + 1 WHERE id = $1", first);
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      tx.exec("UPDATE ledger SET amount = amount + 1 WHERE id = $1", second);
    });
  };
  std::thread other{[&] { swap(2, 1); }};
  swap(1, 2);
  other.join();
  db::Transaction tx{pool};
  BOOST_TEST(tx.row("SELECT sum(amount)::int AS sum FROM ledger").get<int>("sum") == 4);
}

BOOST_AUTO_TEST_CASE(what_the_database_does_not_allow_is_a_conflict_and_names_the_constraint) {
  db::Transaction tx{pool};
  add(tx, 1);
  const auto conflict = [](const char* state, const char* constraint) {
    return [=](const db::DatabaseError& error) {
      return error.code() == Errc::conflict && error.sqlstate() == state && error.constraint() == constraint;
    };
  };
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] { add(tx, 1); }), db::DatabaseError, conflict("23505", "ledger_pkey"));
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] { tx.exec("UPDATE ledger SET amount = -1"); }), db::DatabaseError,
                        conflict("23514", "ledger_amount_check"));
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] { tx.exec("UPDATE ledger SET amount = NULL"); }), db::DatabaseError,
                        has_code(Errc::database));
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] { tx.exec("SELECT nonsense"); }), db::DatabaseError, has_sqlstate("42703"));
}

BOOST_AUTO_TEST_CASE(an_error_does_not_repeat_the_row_that_caused_it) {
  db::Transaction tx{pool};
  tx.script("CREATE TEMP TABLE person (iin text PRIMARY KEY) ON COMMIT DROP");
  tx.exec("INSERT INTO person VALUES ($1)", "880101300123");
  BOOST_CHECK_EXCEPTION(tx.exec("INSERT INTO person VALUES ($1)", "880101300123"), db::DatabaseError,
                        [](const db::DatabaseError& error) {
                          return error.message().find("880101300123") == std::string::npos &&
                                 error.message().find("person_pkey") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_SUITE_END()
