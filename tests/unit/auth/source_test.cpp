#include "auth/source.hpp"

#include <boost/test/unit_test.hpp>

#include "auth/recovery_codes.hpp"
#include "auth/token.hpp"

using namespace visitor;
using namespace visitor::auth;

BOOST_AUTO_TEST_SUITE(source)

BOOST_AUTO_TEST_CASE(an_address_is_told_in_one_form) {
  BOOST_TEST((plain_address("192.0.2.7") == "192.0.2.7"));
  BOOST_TEST((plain_address("::ffff:192.0.2.7") == "192.0.2.7"));
  BOOST_TEST((plain_address("2001:DB8:0:0::1") == "2001:db8::1"));
  for (const char* wrong : {"", "192.0.2", "192.0.2.256", "0x7f.1", "fe80::1%eth0", "[::1]", "host", " ::1"})
    BOOST_TEST(!plain_address(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(tries_of_one_subscriber_come_from_one_source) {
  BOOST_TEST(source_of("192.0.2.7") == source_of("::ffff:192.0.2.7"));
  BOOST_TEST(source_of("192.0.2.7") != source_of("192.0.2.8"));
  BOOST_TEST(source_of("2001:db8:1:2::1") == source_of("2001:db8:1:2:ffff::9"));
  BOOST_TEST(source_of("2001:db8:1:2::1") != source_of("2001:db8:1:3::1"));
  BOOST_TEST(source_of("local") == "local");
}

BOOST_AUTO_TEST_CASE(a_network_has_a_length_that_fits) {
  BOOST_TEST((plain_network("10.1.2.3/8") == "10.1.2.3/8"));
  BOOST_TEST((plain_network("192.0.2.7") == "192.0.2.7/32"));
  BOOST_TEST((plain_network("2001:db8::/32") == "2001:db8::/32"));
  for (const char* wrong : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "x/8"})
    BOOST_TEST(!plain_network(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(a_token_has_256_bits_and_says_what_it_is_for) {
  const auto one = new_token(token::kAccess);
  BOOST_TEST(one.reveal().starts_with("vsa_"));
  BOOST_TEST(one.size() == 4U + 43U);
  BOOST_TEST((one.reveal() != new_token(token::kAccess).reveal()));
  BOOST_TEST(is_token(one, token::kAccess));
  BOOST_TEST(!is_token(one, token::kRefresh));
  BOOST_TEST((token_hash(one) == token_hash(Secret{one.reveal()})));
  BOOST_TEST(token_hash(one).size() == 32U);
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_seen_without_a_look_up) {
  const std::string body(43, 'A');
  for (const auto& wrong : {std::string{}, std::string{"vsa_"}, "vsa_" + body + "A", "vsa_" + body.substr(1),
                            "vsa_" + body.substr(1) + "'", "VSA_" + body, " vsa_" + body})
    BOOST_TEST(!is_token(Secret{std::string_view{wrong}}, token::kAccess), wrong);
  BOOST_TEST(is_token(Secret{std::string_view{"vsa_" + body}}, token::kAccess));
}

BOOST_AUTO_TEST_CASE(a_recovery_code_is_read_as_people_type_it) {
  const auto code = new_recovery_code();
  BOOST_TEST(code.size() == 19U);
  const auto plain = read_recovery_code(code.reveal());
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->size() == 16U);
  BOOST_TEST((read_recovery_code("abcd efgh-ijkl MNOP")->reveal() == "ABCDEFGHIJKLMNOP"));
  for (const char* wrong : {"", "ABCD-EFGH-IJKL-MNO", "ABCD-EFGH-IJKL-MNOP-Q", "ABCD-EFGH-IJKL-MNO1", "123456",
                            "ABCD-EFGH-IJKL-MNO\xC3\x9F"})
    BOOST_TEST(!read_recovery_code(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
