#include "daemon/http/forwarded.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace visitor;

namespace {

std::string client(const std::string& remote, const http::Headers& headers) {
  const std::vector<net::Network> proxies{*net::Network::parse("10.0.0.0/8"), *net::Network::parse("fd00::/8")};
  http::Request request;
  request.remote = remote;
  request.headers = headers;
  return http::client_of(request, proxies);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forwarded)

BOOST_AUTO_TEST_CASE(a_stranger_is_not_believed) {
  BOOST_TEST(client("192.0.2.7", {{"X-Forwarded-For", "198.51.100.1"}}) == "192.0.2.7");
  BOOST_TEST(client("192.0.2.7", {}) == "192.0.2.7");
}

BOOST_AUTO_TEST_CASE(a_proxy_is_believed_as_far_as_it_saw_itself) {
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}}) == "198.51.100.1");
  BOOST_TEST(client("10.0.0.1", {{"x-forwarded-for", "203.0.113.9, 198.51.100.1"}}) == "198.51.100.1");
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "203.0.113.9,198.51.100.1, 10.1.2.3"}}) == "198.51.100.1");
  BOOST_TEST(client("fd00::1", {{"X-Forwarded-For", "2001:db8::5"}}) == "2001:db8::5");
  BOOST_TEST(client("::ffff:10.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}}) == "198.51.100.1");
}

BOOST_AUTO_TEST_CASE(several_headers_are_one_list) {
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-For", "198.51.100.1"}}) ==
             "198.51.100.1");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_ends_the_list) {
  BOOST_TEST(client("10.0.0.1", {}) == "10.0.0.1");
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", ""}}) == "10.0.0.1");
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.1, unknown"}}) == "10.0.0.1");
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.1, <script>, 10.2.0.1"}}) == "10.2.0.1");
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "10.0.0.2, 10.0.0.3"}}) == "10.0.0.2");
  BOOST_TEST(client("", {{"X-Forwarded-For", "198.51.100.1"}}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
