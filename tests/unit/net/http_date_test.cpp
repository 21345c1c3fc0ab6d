#include "net/http_date.hpp"

#include <boost/test/unit_test.hpp>

#include "core/instant.hpp"

using namespace visitor;

BOOST_AUTO_TEST_SUITE(http_date)

BOOST_AUTO_TEST_CASE(the_date_of_the_standard_is_read) {
  const auto at = net::read_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_REQUIRE(at);
  BOOST_TEST(to_iso(*at) == "1994-11-06T08:49:37Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_none) {
  for (const auto* text :
       {"", "soon", "120", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 99 Nov 1994 08:49:37 GMT"})
    BOOST_TEST(!net::read_http_date(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
