#include "app/masking.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor::app;

BOOST_AUTO_TEST_SUITE(masking)

BOOST_AUTO_TEST_CASE(of_an_address_the_first_character_and_the_domain_stay) {
  BOOST_TEST(masked_email("anna@example.org") == "a***@example.org");
  BOOST_TEST(masked_email("a@example.org") == "a***@example.org");
  BOOST_TEST(masked_email("\xD0\xB0\xD0\xBD@example.org") == "\xD0\xB0***@example.org");
  BOOST_TEST(masked_email("") == "");
  BOOST_TEST(masked_email("anna") == "********");
  BOOST_TEST(masked_email("@example.org") == "********");
}

BOOST_AUTO_TEST_CASE(of_a_number_its_end_stays_and_of_a_short_one_less) {
  BOOST_TEST(masked_number("+77011234567") == "********4567");
  BOOST_TEST(masked_number("12345678") == "********5678");
  BOOST_TEST(masked_number("12345") == "********45");
  BOOST_TEST(masked_number("1234") == "********");
  BOOST_TEST(masked_number("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
