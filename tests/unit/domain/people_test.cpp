#include "domain/people.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;
using namespace visitor::domain;

namespace {

bool is_usage_without_the_number(const Error& error) {
  return error.code() == Errc::usage && error.message().find("1234") == std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(people)

BOOST_AUTO_TEST_CASE(a_telephone_number_becomes_international) {
  BOOST_TEST(to_e164("+7 (701) 123-45.67", "") == "+77011234567");
  BOOST_TEST(to_e164("8 701 123 45 67", "7") == "+77011234567");
  BOOST_TEST(to_e164("7011234567", "7") == "+77011234567");
  BOOST_TEST(to_e164("7011234567", "998") == "+9987011234567");
  BOOST_TEST(to_e164("77011234567", "7") == "+77011234567");
  BOOST_TEST(to_e164("+1234567", "") == "+1234567");
  BOOST_TEST(to_e164("+123456789012345", "") == "+123456789012345");
}

BOOST_AUTO_TEST_CASE(what_is_no_telephone_number_is_refused_without_repeating_it) {
  for (const auto* given : {"", "+", "+123456", "+1234567890123456", "+7701a1234567", "++77011234567", "+07011234567",
                            "123", "7701+1234567", "12345"})
    BOOST_CHECK_EXCEPTION(to_e164(given, "7"), Error, is_usage_without_the_number);
  BOOST_CHECK_EXCEPTION(to_e164("87011234567", ""), Error, is_usage_without_the_number);
  BOOST_CHECK_EXCEPTION(to_e164("7011234567", ""), Error, is_usage_without_the_number);
}

BOOST_AUTO_TEST_CASE(a_document_shows_its_last_characters_only) {
  BOOST_TEST(mask_document("1234") == "********1234");
  BOOST_TEST(mask_document("") == "");
}

BOOST_AUTO_TEST_CASE(a_telephone_number_is_searched_by_its_digits_however_it_is_written) {
  for (const auto* written : {"8 (701) 123-45-67", "87011234567", "701 123 45 67", "701.123.45.67"})
    BOOST_TEST(phone_digits(written) == "7011234567", written);
  for (const auto* written : {"+7 701 123 45 67", "+77011234567", "0077011234567", "7 701 123 45 67"})
    BOOST_TEST(phone_digits(written) == "77011234567", written);
  BOOST_TEST(phone_digits("+84 912 345 678") == "84912345678");
  BOOST_TEST(phone_digits("12345") == "12345");
  for (const auto* other : {"1234", "", "+", "Petrov", "850101A00123", "7+701"})
    BOOST_TEST(phone_digits(other).empty(), other);
}

BOOST_AUTO_TEST_SUITE_END()
