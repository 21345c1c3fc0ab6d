#include "net/url.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "net/fingerprint.hpp"

namespace visitor::net {

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(scheme_decides_the_port_that_is_not_written) {
  BOOST_TEST(parse_url("http://192.0.2.10").port == 80);
  BOOST_TEST(parse_url("https://terminal.example").port == 443);
  BOOST_TEST(parse_url("https://terminal.example").tls);
  BOOST_TEST(parse_url("http://192.0.2.10:8080/x").port == 8080);
}

BOOST_AUTO_TEST_CASE(the_target_stays_as_it_was_written) {
  BOOST_TEST(parse_url("http://a").target == "/");
  BOOST_TEST(parse_url("http://a?x=1").target == "/?x=1");
  BOOST_TEST(parse_url("http://a/ISAPI/AccessControl/AcsEvent?format=json").target ==
             "/ISAPI/AccessControl/AcsEvent?format=json");
  BOOST_TEST(parse_url("http://a/p%20q?r=%2F#part").target == "/p%20q?r=%2F");
}

BOOST_AUTO_TEST_CASE(the_host_header_has_brackets_and_port_only_where_they_are_needed) {
  BOOST_TEST(parse_url("http://[2001:db8::1]:8080/").authority() == "[2001:db8::1]:8080");
  BOOST_TEST(parse_url("http://[2001:db8::1]:8080/").host == "2001:db8::1");
  BOOST_TEST(parse_url("https://a:443/").authority() == "a");
  BOOST_TEST(parse_url("https://a:80/").authority() == "a:80");
}

BOOST_AUTO_TEST_CASE(what_is_no_web_address_is_refused) {
  for (const auto* text : {"", "192.0.2.10", "ftp://a/", "http://", "http://a:99999/", "http://a:0/", "http://a b/",
                           "http://user:secret@a/", "http://a/\r\nX: y"}) {
    BOOST_TEST_CONTEXT(text)
    BOOST_CHECK_EXCEPTION(parse_url(text), Error, [](const Error& error) {
      return error.code() == Errc::usage && !error.hint().empty() &&
             error.message().find("secret") == std::string::npos;
    });
  }
  BOOST_CHECK_THROW(parse_url("http://a/" + std::string(5'000, 'x')), Error);
}

BOOST_AUTO_TEST_CASE(fingerprints_are_read_as_openssl_and_we_print_them) {
  const std::string digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  const auto plain = parse_fingerprint(digits);
  BOOST_REQUIRE(plain.has_value());
  BOOST_TEST(to_text(*plain) == digits);
  BOOST_TEST((parse_fingerprint("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF") == plain));
  BOOST_TEST(!parse_fingerprint("").has_value());
  BOOST_TEST(!parse_fingerprint(digits + "00").has_value());
  BOOST_TEST(!parse_fingerprint(digits.substr(1) + "g").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::net
