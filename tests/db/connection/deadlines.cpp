#include <boost/test/unit_test.hpp>
#include <thread>

#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using test::has_code;
using test::says;

namespace {

using Clock = std::chrono::steady_clock;

bool is_still_running(db::Pool& pool, int pid) {
  db::Transaction tx{pool};
  return tx.row("SELECT count(*) AS n FROM pg_stat_activity WHERE pid = $1 AND state = 'active'", pid).get<int>("n") >
         0;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deadlines, test::Database)

BOOST_AUTO_TEST_CASE(a_statement_past_its_deadline_is_cancelled_on_the_server) {
  db::Transaction tx{pool, {.statement_deadline = 100ms}};
  const auto pid = tx.connection().backend_pid();
  const auto start = Clock::now();

  BOOST_CHECK_EXCEPTION(tx.exec("SELECT pg_sleep(30)"), db::DatabaseError, [](const db::DatabaseError& error) {
    return error.code() == Errc::database && error.sqlstate() == "57014" && !error.hint().empty();
  });
  BOOST_TEST((Clock::now() - start < 5s));
  BOOST_TEST(!is_still_running(pool, pid));
  BOOST_TEST(tx.connection().alive());
}

BOOST_AUTO_TEST_CASE(the_deadline_counts_for_one_statement_and_ends_with_the_transaction) {
  db::Connection connection{pool.options().connection};
  const auto usual = connection.statement_deadline();
  {
    db::Transaction tx{connection, {.statement_deadline = 300ms}};
    for (int i = 0; i < 4; ++i) tx.exec("SELECT pg_sleep(0.1)");
  }
  BOOST_TEST((connection.statement_deadline() == usual));
}

BOOST_AUTO_TEST_CASE(a_requested_stop_cancels_the_running_statement) {
  std::stop_source source;
  db::Transaction tx{pool, {.stop = source.get_token()}};
  const auto pid = tx.connection().backend_pid();
  std::thread other{[&source] {
    std::this_thread::sleep_for(100ms);
    source.request_stop();
  }};
  const auto start = Clock::now();
  BOOST_CHECK_EXCEPTION(tx.exec("SELECT pg_sleep(30)"), db::DatabaseError, has_code(Errc::interrupted));
  other.join();
  BOOST_TEST((Clock::now() - start < 5s));
  BOOST_TEST(!is_still_running(pool, pid));
  BOOST_CHECK_EXCEPTION(tx.exec("SELECT 1"), db::DatabaseError, has_code(Errc::interrupted));
}

BOOST_AUTO_TEST_CASE(a_stop_before_the_commit_commits_nothing) {
  std::stop_source source;
  db::Transaction tx{pool, {.stop = source.get_token()}};
  tx.exec("SELECT 1");
  source.request_stop();
  BOOST_CHECK_EXCEPTION(tx.commit(), Error, has_code(Errc::interrupted));
  BOOST_TEST(!tx.committed());
}

BOOST_AUTO_TEST_CASE(a_stopped_transaction_gives_its_connection_back_usable) {
  db::PoolOptions options = pool.options();
  options.size = 1;
  db::Pool small{options};
  {
    std::stop_source source;
    db::Transaction tx{small, {.stop = source.get_token()}};
    source.request_stop();
    BOOST_CHECK_EXCEPTION(tx.exec("SELECT 1"), Error, has_code(Errc::interrupted));
  }
  db::Transaction tx{small};
  BOOST_TEST(tx.row("SELECT 1 AS one").get<int>("one") == 1);
  BOOST_TEST(small.stats().opened == 1U);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_stream_of_rows) {
  std::stop_source source;
  db::Transaction tx{pool, {.stop = source.get_token()}};
  std::int64_t seen = 0;
  BOOST_CHECK_EXCEPTION(tx.for_each("SELECT generate_series(1, 100000000) AS n",
                                    [&](const db::Row&) {
                                      if (++seen == 1000) source.request_stop();
                                    }),
                        db::DatabaseError, has_code(Errc::interrupted));
  BOOST_TEST(seen < 50'000'000);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_reading_of_a_cursor) {
  std::stop_source source;
  db::Transaction tx{pool, {.stop = source.get_token()}};
  tx.exec("DECLARE c NO SCROLL CURSOR FOR SELECT generate_series(1, 100000000) AS n");
  std::int64_t seen = 0;
  BOOST_CHECK_EXCEPTION(tx.fetch_each("c", 100,
                                      [&](const db::Row&) {
                                        if (++seen == 1000) source.request_stop();
                                      }),
                        db::DatabaseError, has_code(Errc::interrupted));
  BOOST_TEST(seen == 1000);
}

BOOST_AUTO_TEST_CASE(a_transaction_whose_program_says_nothing_more_gives_its_locks_back) {
  auto options = pool.options().connection;
  options.idle_deadline = 100ms;
  db::Connection stopped{options};
  db::Transaction silent{stopped};
  silent.exec("SELECT pg_advisory_xact_lock(4711)");

  db::Transaction other{pool};
  const auto start = Clock::now();
  other.exec("SELECT pg_advisory_xact_lock(4711)");
  BOOST_TEST((Clock::now() - start < 5s));
  BOOST_CHECK_EXCEPTION(silent.exec("SELECT 1"), db::DatabaseError, has_code(Errc::database_lost));
}

BOOST_AUTO_TEST_SUITE_END()
