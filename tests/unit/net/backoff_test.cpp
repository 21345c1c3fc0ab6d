#include "net/backoff.hpp"

#include <boost/test/unit_test.hpp>

namespace visitor::net {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(backoff)

BOOST_AUTO_TEST_CASE(waits_double_up_to_the_longest_when_there_is_no_jitter) {
  Backoff backoff{{.first = milliseconds{1'000}, .most = milliseconds{5'000}, .jitter = 0.0}, 7};
  BOOST_TEST(backoff.next().count() == 1'000);
  BOOST_TEST(backoff.next().count() == 2'000);
  BOOST_TEST(backoff.next().count() == 4'000);
  BOOST_TEST(backoff.next().count() == 5'000);
  BOOST_TEST(backoff.next().count() == 5'000);
  BOOST_TEST(backoff.failures() == 5U);
}

BOOST_AUTO_TEST_CASE(a_success_starts_over) {
  Backoff backoff{{.jitter = 0.0}, 7};
  backoff.next();
  backoff.next();
  backoff.reset();
  BOOST_TEST(backoff.failures() == 0U);
  BOOST_TEST(backoff.next().count() == 1'000);
}

BOOST_AUTO_TEST_CASE(jitter_takes_away_its_share_at_most_and_differs_by_seed) {
  const BackoffPolicy policy{.first = milliseconds{8'000}, .most = milliseconds{8'000}, .jitter = 0.25};
  Backoff one{policy, 1};
  Backoff same{policy, 1};
  Backoff other{policy, 2};
  int differing = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto wait = one.next();
    BOOST_TEST(wait.count() >= 6'000);
    BOOST_TEST(wait.count() <= 8'000);
    BOOST_TEST((same.next() == wait));
    if (other.next() != wait) ++differing;
  }
  BOOST_TEST(differing > 900);
}

BOOST_AUTO_TEST_CASE(years_of_failures_do_not_overflow) {
  Backoff backoff{{.first = milliseconds{1'000}, .most = milliseconds{60'000}}, 3};
  for (int i = 0; i < 100'000; ++i) {
    const auto wait = backoff.next().count();
    if (wait < 0 || wait > 60'000) BOOST_FAIL("wait " << wait << " after " << i << " failures");
  }
  BOOST_TEST(backoff.failures() == 100'000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::net
