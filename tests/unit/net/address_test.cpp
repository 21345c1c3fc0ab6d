#include "net/address.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "net/http.hpp"
#include "support/raw_server.hpp"

namespace visitor::net {
namespace {

bool is_public_text(const std::string& text) {
  const auto address = IpAddress::parse(text);
  BOOST_REQUIRE_MESSAGE(address.has_value(), text);
  return is_public(*address);
}

bool holds(std::string_view network, const std::string& address) {
  return Network::parse(network)->holds(*IpAddress::parse(address));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(addresses_of_the_internet_are_public) {
  for (const auto* text : {"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
                           "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
                           "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"})
    BOOST_TEST(is_public_text(text), text);
}

BOOST_AUTO_TEST_CASE(whatever_leads_into_our_own_network_is_not) {
  for (const auto* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "::127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b:1::10.0.0.1",
                           "100::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "4000::1",
                           "5f00::1",
                           "fd00:ec2::254"})
    BOOST_TEST(!is_public_text(text), text);
}

BOOST_AUTO_TEST_CASE(networks_are_read_and_hold_their_addresses) {
  BOOST_TEST(holds("10.0.0.0/8", "10.255.1.2"));
  BOOST_TEST(!holds("10.0.0.0/8", "11.0.0.0"));
  BOOST_TEST(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
  BOOST_TEST(holds("172.16.0.0/12", "172.31.0.1"));
  BOOST_TEST(!holds("172.16.0.0/12", "172.32.0.1"));
  BOOST_TEST(holds("192.168.1.7", "192.168.1.7"));
  BOOST_TEST(!holds("192.168.1.7", "192.168.1.8"));
  BOOST_TEST(holds("0.0.0.0/0", "1.2.3.4"));
  BOOST_TEST(!holds("0.0.0.0/0", "2a00::1"));
  BOOST_TEST(holds("fd00::/8", "fdff::1"));
  BOOST_TEST(!holds("fd00::/8", "fe00::1"));
  BOOST_TEST(holds("::1", "::1"));
  for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "fd00::/129", "10.0.0/8", "localhost",
                           "10.0.0.0/8/8", "10.0.0.0/ 8"})
    BOOST_TEST(!Network::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(addresses_are_written_as_people_do) {
  BOOST_TEST(to_text(*IpAddress::parse("::ffff:10.0.0.1")) == "10.0.0.1");
  BOOST_TEST(to_text(*IpAddress::parse("2001:DB8:0::1")) == "2001:db8::1");
}

BOOST_AUTO_TEST_CASE(a_client_that_stays_outside_connects_to_nothing_of_ours) {
  const test::RawServer server{[](test::RawPeer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }};
  const auto port = std::to_string(server.port());
  HttpOptions options;
  options.public_or.emplace();
  HttpClient outside{options};
  // Each of these reaches the server where nothing is forbidden; the name is looked up first.
  for (const std::string host : {"127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1"}) {
    BOOST_TEST_CONTEXT(host) {
      const auto result = outside.send({.url = "http://" + host + ":" + port + "/"});
      BOOST_REQUIRE(std::holds_alternative<HttpFailure>(result));
      BOOST_TEST((std::get<HttpFailure>(result).kind == NetFailure::unreachable));
      BOOST_TEST(std::get<HttpFailure>(result).message.ends_with(" is not a public address"));
    }
  }
  BOOST_TEST(server.connections() == 0);

  options.public_or = {*Network::parse("127.0.0.0/8")};
  HttpClient allowed{options};
  BOOST_TEST(std::holds_alternative<HttpResponse>(allowed.send({.url = "http://127.0.0.1:" + port + "/"})));
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::net
