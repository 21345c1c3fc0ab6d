#include "daemon/api/rate_limit.hpp"

#include <boost/test/unit_test.hpp>

#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

const Instant kNow = test::at("2026-09-01T08:00:00Z");

}  // namespace

BOOST_AUTO_TEST_SUITE(api_rate_limit)

BOOST_AUTO_TEST_CASE(a_minutes_worth_may_come_at_once_and_then_one_at_a_time) {
  api::RateLimit limit{60};
  for (int i = 0; i < 60; ++i) BOOST_TEST_REQUIRE(limit.take("a", kNow).allowed);
  const auto refused = limit.take("a", kNow);
  BOOST_TEST(!refused.allowed);
  BOOST_TEST(refused.remaining == 0);
  BOOST_TEST(refused.wait.count() == 1);
  BOOST_TEST(limit.take("b", kNow).allowed);
  BOOST_TEST(limit.take("a", kNow + 1s).allowed);
  BOOST_TEST(!limit.take("a", kNow + 1s).allowed);
  BOOST_TEST(limit.take("a", kNow + 10min).remaining == 59);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_neither_gives_nor_takes) {
  api::RateLimit limit{1};
  BOOST_TEST(limit.take("a", kNow).allowed);
  BOOST_TEST(!limit.take("a", kNow - 1h).allowed);
  BOOST_TEST(limit.take("a", kNow + 1min).allowed);
}

BOOST_AUTO_TEST_CASE(no_more_than_so_many_are_told_apart) {
  api::RateLimit limit{1, 2};
  BOOST_TEST(limit.take("a", kNow).allowed);
  BOOST_TEST(limit.take("b", kNow + 1s).allowed);
  BOOST_TEST(limit.take("c", kNow + 2s).allowed);  // forgets a
  BOOST_TEST(!limit.take("b", kNow + 3s).allowed);
  BOOST_TEST(limit.take("a", kNow + 4s).allowed);  // forgets c
}

BOOST_AUTO_TEST_SUITE_END()
