#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using test::has_code;
using test::says;

namespace {

struct SmallPool : test::Database {
  static db::PoolOptions options(std::size_t size) {
    db::PoolOptions all = test::TestDatabase::instance().pool().options();
    all.size = size;
    all.wait_deadline = 200ms;
    return all;
  }
  db::Pool small{options(2)};
};

int pid_of(db::Pool& pool) {
  db::Transaction tx{pool};
  return tx.connection().backend_pid();
}

void terminate(db::Pool& pool, int pid) {
  db::Transaction tx{pool};
  tx.exec("SELECT pg_terminate_backend($1, 5000)", pid);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pools, SmallPool)

BOOST_AUTO_TEST_CASE(connections_are_opened_when_needed_and_used_again) {
  BOOST_TEST(small.stats().open == 0U);
  const auto first = pid_of(small);
  BOOST_TEST(pid_of(small) == first);
  BOOST_TEST(small.stats().open == 1U);
  BOOST_TEST(small.stats().in_use == 0U);
  BOOST_TEST(small.stats().opened == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_waits_too_long_is_told_so) {
  const auto one = small.acquire();
  const auto two = small.acquire();
  BOOST_TEST(small.stats().in_use == 2U);
  BOOST_CHECK_EXCEPTION(small.acquire(), Error,
                        says(Errc::database, "no free connection to the database within 0.2 s"));
  BOOST_TEST(small.stats().timed_out == 1U);
  BOOST_TEST(small.stats().waiting == 0U);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
  const auto one = small.acquire();
  const auto two = small.acquire();
  std::stop_source source;
  source.request_stop();
  BOOST_CHECK_EXCEPTION(small.acquire(source.get_token()), Error, has_code(Errc::interrupted));
}

BOOST_AUTO_TEST_CASE(those_who_wait_are_served_in_the_order_of_asking) {
  auto patient = options(1);
  patient.wait_deadline = 10s;
  db::Pool single{patient};
  std::vector<int> order;
  std::vector<std::thread> threads;
  {
    const auto held = single.acquire();
    for (int i = 0; i < 5; ++i) {
      threads.emplace_back([&single, &order, i] {
        const auto lease = single.acquire();
        order.push_back(i);  // one connection: nobody else is here
      });
      while (single.stats().waiting != static_cast<std::size_t>(i) + 1) std::this_thread::sleep_for(1ms);
    }
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(order == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_threads_never_hold_more_than_the_bound) {
  auto patient = options(3);
  patient.wait_deadline = 10s;
  db::Pool shared{patient};
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        db::Transaction tx{shared};
        int now = ++inside;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        tx.exec("SELECT 1");
        --inside;
      }
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(most <= 3);
  BOOST_TEST(shared.stats().open <= 3U);
  BOOST_TEST(shared.stats().in_use == 0U);
}

BOOST_AUTO_TEST_CASE(a_lease_with_an_open_transaction_is_not_handed_on) {
  int pid = 0;
  {
    auto lease = small.acquire();
    pid = lease->backend_pid();
    lease->script("BEGIN");
  }
  BOOST_TEST(small.stats().open == 0U);
  BOOST_TEST(pid_of(small) != pid);
}

BOOST_AUTO_TEST_CASE(a_terminated_session_is_replaced_before_anybody_notices) {
  const auto pid = pid_of(small);
  terminate(pool, pid);
  BOOST_TEST(pid_of(small) != pid);
}

BOOST_AUTO_TEST_CASE(a_session_that_ends_in_the_middle_is_a_lost_connection) {
  {
    db::Transaction tx{small};
    terminate(pool, tx.connection().backend_pid());
    BOOST_CHECK_EXCEPTION(tx.exec("SELECT 1"), db::DatabaseError, [](const db::DatabaseError& error) {
      return error.code() == Errc::database_lost && !error.hint().empty();
    });
    BOOST_CHECK_EXCEPTION(tx.commit(), db::DatabaseError, has_code(Errc::database_lost));
  }
  BOOST_TEST(small.stats().open == 0U);
  db::Transaction tx{small};
  BOOST_TEST(tx.row("SELECT 1 AS one").get<int>("one") == 1);
}

BOOST_AUTO_TEST_CASE(the_pool_recovers_by_itself_from_a_restart_of_the_server) {
  {
    const auto one = small.acquire();
    const auto two = small.acquire();
  }
  BOOST_TEST(small.stats().open == 2U);
  auto& cluster = test::TestDatabase::instance().cluster();

  BOOST_TEST(cluster.stop());
  BOOST_CHECK_EXCEPTION(db::Transaction{small}, db::DatabaseError, has_code(Errc::database));
  BOOST_TEST(small.stats().in_use == 0U);
  BOOST_TEST(cluster.start());

  for (int i = 0; i < 3; ++i) {
    db::Transaction tx{small};
    BOOST_TEST(tx.row("SELECT 1 AS one").get<int>("one") == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
